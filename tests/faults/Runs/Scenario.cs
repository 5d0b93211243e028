using Confluent.Kafka;
using Garam.Faults.Histories;

namespace Garam.Faults.Runs;

/// <summary>
/// What a seed decides before anything runs. Seeds that follow each other go through the whole matrix of acknowledgements, flush policies, idempotence and
/// codecs; everything else is drawn.
/// </summary>
internal sealed record Scenario
{
    /// <summary>Keeps all of its records: what most rules are about.</summary>
    public const string Kept = "kept";

    /// <summary>Compacted while it is written.</summary>
    public const string Compacted = "compacted";

    /// <summary>Old segments are deleted while it is written and read, and old records by clients.</summary>
    public const string Retained = "retained";

    public const int Partitions = 3;

    private static readonly (Acks Acks, bool Idempotent)[] Promises = [(Acks.All, true), (Acks.Leader, false), (Acks.All, false)];
    private static readonly CompressionType[] Codecs = [CompressionType.None, CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd];

    public required int Seed { get; init; }

    public required Acks Acks { get; init; }

    public required bool Idempotent { get; init; }

    /// <summary>flush.messages=1: acknowledged means synced.</summary>
    public required bool Flushed { get; init; }

    public required CompressionType Codec { get; init; }

    /// <summary>segment.bytes: small enough that segments roll all the time.</summary>
    public required int SegmentBytes { get; init; }

    /// <summary>The data lie on a disk so small that it can be filled, where that may be mounted.</summary>
    public required bool OnSmallDisk { get; init; }

    /// <summary>The broker's wall clock jumps, where libfaketime is.</summary>
    public required bool ClockJumps { get; init; }

    public static Scenario Of(int seed)
    {
        var random = new Random(seed);
        var row = (int)((uint)seed % (uint)(Promises.Length * 2 * Codecs.Length));
        var (acks, idempotent) = Promises[row % Promises.Length];
        return new Scenario
        {
            Seed = seed,
            Acks = acks,
            Idempotent = idempotent,
            Flushed = row / Promises.Length % 2 == 1,
            Codec = Codecs[row / Promises.Length / 2],
            SegmentBytes = random.Next(3) switch { 0 => 16_000, 1 => 64_000, _ => 1_000_000 },
            OnSmallDisk = random.Next(3) == 0,
            ClockJumps = random.Next(3) == 0,
        };
    }

    /// <summary>What the checker is told.</summary>
    public RunSettings ToSettings() => new()
    {
        Seed = Seed,
        Idempotent = Idempotent,
        AcknowledgedIsVisible = Acks == Acks.All,
        Topics = new Dictionary<string, Keeping> { [Kept] = Keeping.All, [Compacted] = Keeping.Latest, [Retained] = Keeping.Tail },
    };

    /// <summary>The broker is in a hurry with all that happens behind the requests.</summary>
    public static IReadOnlyList<string> BrokerSettings { get; } =
    [
        "auto.create.topics.enable=false", "log.retention.check.interval.ms=300", "log.cleaner.backoff.ms=300", "group.min.session.timeout.ms=500",
    ];

    public Dictionary<string, string> ConfigsOf(string topic)
    {
        var configs = new Dictionary<string, string>
        {
            ["segment.bytes"] = $"{SegmentBytes}",
            ["index.interval.bytes"] = "500",
            ["retention.ms"] = "-1",
            ["file.delete.delay.ms"] = "100",
            ["message.timestamp.after.max.ms"] = $"{long.MaxValue}",
        };
        if (Flushed)
        {
            configs["flush.messages"] = "1";
        }

        if (topic == Compacted)
        {
            configs["cleanup.policy"] = "compact";
            configs["min.cleanable.dirty.ratio"] = "0.01";
        }

        if (topic == Retained)
        {
            configs["retention.bytes"] = $"{4 * SegmentBytes}";
        }

        return configs;
    }

    public override string ToString() =>
        $"seed {Seed}: acks={(Acks == Acks.All ? "all" : "1")}{(Idempotent ? ", idempotent" : "")}, {(Flushed ? "flushed" : "not flushed")}, {Codec}, segments of {SegmentBytes} bytes{(OnSmallDisk ? ", small disk" : "")}{(ClockJumps ? ", clock jumps" : "")}";
}
