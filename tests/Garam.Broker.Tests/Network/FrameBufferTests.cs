using System.Buffers.Binary;
using Garam.Broker.Network;
using Garam.Kafka;

namespace Garam.Broker.Tests.Network;

public sealed class FrameBufferTests
{
    private const int Limit = 1024 * 1024;

    [Fact]
    public void Frames_come_out_whole_however_the_bytes_arrive()
    {
        var random = new Random(7);
        var frames = Enumerable.Range(0, 200).Select(i => Filled(i % 20 == 0 ? random.Next(100_000) : random.Next(200), (byte)i)).ToArray();
        var stream = frames.SelectMany(WithSize).ToArray();

        for (var round = 0; round < 5; round++)
        {
            using var buffer = new FrameBuffer(Limit);
            var taken = new List<byte[]>();
            for (var sent = 0; sent < stream.Length;)
            {
                var free = buffer.Free();
                free.Length.ShouldBeGreaterThan(0);
                var count = Math.Min(Math.Min(free.Length, round == 0 ? 1 : random.Next(1, 40_000)), stream.Length - sent);
                stream.AsSpan(sent, count).CopyTo(free.Span);
                buffer.Received(count);
                sent += count;
                while (buffer.TryTake(out var frame)) taken.Add(frame.ToArray());
            }
            taken.Count.ShouldBe(frames.Length);
            for (var i = 0; i < frames.Length; i++) taken[i].ShouldBe(frames[i]);
            buffer.IsEmpty.ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(Limit + 1)]
    [InlineData(int.MaxValue)]
    public void A_size_that_cannot_be_is_refused_at_once(int size)
    {
        using var buffer = new FrameBuffer(Limit);
        BinaryPrimitives.WriteInt32BigEndian(buffer.Free().Span, size);
        buffer.Received(4);
        Should.Throw<MalformedFrameException>(() => buffer.TryTake(out _)).Message.ShouldContain("socket.request.max.bytes");
    }

    [Fact]
    public void A_claimed_size_buys_no_memory()
    {
        using var buffer = new FrameBuffer(100 * 1024 * 1024);
        BinaryPrimitives.WriteInt32BigEndian(buffer.Free().Span, 100 * 1024 * 1024);
        buffer.Received(4);
        buffer.TryTake(out _).ShouldBeFalse();
        buffer.Free().Length.ShouldBeLessThan(64 * 1024);
    }

    private static byte[] Filled(int length, byte value)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, value);
        return bytes;
    }

    private static byte[] WithSize(byte[] frame)
    {
        var bytes = new byte[4 + frame.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, frame.Length);
        frame.CopyTo(bytes, 4);
        return bytes;
    }
}
