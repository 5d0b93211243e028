using System.Buffers.Binary;
using Garam.Broker.Network;
using Garam.Fuzz.Mutation;
using Garam.Kafka;

namespace Garam.Fuzz.Streams;

/// <summary>Frames that arrive in pieces of any size, some with a wrong size in front: what comes out is what a reader of the whole would cut.</summary>
internal sealed class StreamTarget(Random random) : IFuzzTarget
{
    private const int MaxFrame = 4096;

    private readonly Mutator _mutator = new(random);
    private readonly ByteList _input = new();

    public long MaxAllocation(int inputLength) => 256 * 1024 + 16L * inputLength;

    public ReadOnlyMemory<byte> Next()
    {
        _input.Set([]);
        for (var frames = random.Next(1, 8); frames > 0; frames--)
        {
            var length = random.Next(4) == 0 ? random.Next(MaxFrame + 1) : random.Next(40);
            var frame = _input.Insert(_input.Length, sizeof(int) + length);
            BinaryPrimitives.WriteInt32BigEndian(frame, length);
            random.NextBytes(frame[sizeof(int)..]);
        }
        if (random.Next(3) != 0) _mutator.Mutate(_input, 0, []);
        return _input.Memory;
    }

    public string Take(ReadOnlySpan<byte> input)
    {
        using var buffer = new FrameBuffer(MaxFrame);
        var expected = input;
        while (!input.IsEmpty)
        {
            var free = buffer.Free();
            if (free.Length > Math.Max(64 * 1024, 16 * MaxFrame)) throw new BrokenPromiseException($"the buffer has grown to {free.Length} bytes");
            var piece = input[..Math.Min(input.Length, Math.Min(free.Length, random.Next(1, 200)))];
            piece.CopyTo(free.Span);
            buffer.Received(piece.Length);
            input = input[piece.Length..];
            try
            {
                while (buffer.TryTake(out var frame)) Expect(ref expected, frame.Span);
            }
            catch (MalformedFrameException)
            {
                var size = BinaryPrimitives.ReadInt32BigEndian(expected);
                return size is < 0 or > MaxFrame ? "closed: impossible size" : throw new BrokenPromiseException($"a frame of {size} bytes was refused");
            }
        }
        return buffer.IsEmpty ? "cut: whole" : "cut: the last frame waits for more";
    }

    public void Finish()
    {
    }

    public void Dispose()
    {
    }

    private static void Expect(ref ReadOnlySpan<byte> expected, ReadOnlySpan<byte> frame)
    {
        var size = BinaryPrimitives.ReadInt32BigEndian(expected);
        if (size != frame.Length || !expected.Slice(sizeof(int), size).SequenceEqual(frame)) throw new BrokenPromiseException("a frame was cut at the wrong place");
        expected = expected[(sizeof(int) + size)..];
    }
}
