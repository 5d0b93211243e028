using Garam.Kafka;

namespace Garam.Bench.Load;

/// <summary>Reads everything that the floor has, as <see cref="FetchLoad"/> does with brokers.</summary>
internal static class FloorFetch
{
    private const int CorrelationIdBytes = 4, SizeBytes = 4;

    public static void Run(Wire wire, long sent)
    {
        // The floor keeps whole requests, without their sizes.
        for (var missing = sent; missing > 0;)
        {
            var got = wire.SendBare(ApiKey.Fetch).Memory.Length - CorrelationIdBytes;
            Check.That(got > 0, "the floor has lost bytes");
            missing -= got + SizeBytes;
        }
    }
}
