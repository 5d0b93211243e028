using CsCheck;

namespace Garam.Kafka.Tests.Messages;

/// <summary>What holds for every message, every version and any content.</summary>
public sealed class RoundTripTests
{
    [Fact]
    public void What_is_written_is_read_back_and_written_again_the_same() => ForAnyMessage(100, static (type, version, bytes, _) =>
        type.Write(type.Read(bytes, version), version).ShouldBe(bytes));

    [Fact]
    public void A_message_that_is_cut_anywhere_is_malformed() => ForAnyMessage(LongMode.Pick(5, 20), static (type, version, bytes, _) =>
    {
        for (var length = 0; length < bytes.Length; length++)
        {
            Should.Throw<MalformedFrameException>(() => type.Read(bytes[..length], version), $"cut to {length} of {bytes.Length} bytes");
        }
    });

    [Fact]
    public void Bytes_that_follow_a_message_are_malformed() => ForAnyMessage(20, static (type, version, bytes, _) =>
        Should.Throw<MalformedFrameException>(() => type.Read([.. bytes, 0], version)));

    [Fact]
    public void Damaged_bytes_are_a_message_or_malformed_and_cost_no_more_memory_than_they_could_fill() => ForAnyMessage(100, static (type, version, bytes, random) =>
    {
        if (bytes.Length == 0)
        {
            return;
        }
        for (var damage = random.Next(1, 4); damage > 0; damage--)
        {
            bytes[random.Next(bytes.Length)] = (byte)(random.Next(3) == 0 ? 0xff : random.Next(256));
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            type.Read(bytes, version);
        }
        catch (MalformedFrameException)
        {
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        allocated.ShouldBeLessThan(64 * 1024 + 256L * bytes.Length);
    });

    private static void ForAnyMessage(int count, Action<MessageType, short, byte[], Random> check)
    {
        foreach (var type in MessageType.All)
        {
            var cases = Gen.Select(Gen.Int[type.MinVersion, type.MaxVersion], Gen.Int.NonNegative);
            cases.Sample((version, seed) =>
            {
                if (TryWrite(type, new RandomMessages(seed).Create(type.ClrType), (short)version) is { } bytes)
                {
                    check(type, (short)version, bytes, new Random(seed));
                }
            }, iter: count, print: one => $"{type.Name} {one}");
        }
    }

    /// <summary>The bytes of a message, or null where it holds a null that its version cannot express.</summary>
    private static byte[]? TryWrite(MessageType type, object message, short version)
    {
        try
        {
            return type.Write(message, version);
        }
        catch (ArgumentNullException)
        {
            return null;
        }
    }
}
