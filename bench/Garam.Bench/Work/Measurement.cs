namespace Garam.Bench.Work;

/// <summary>One figure of one server in one round, as it is kept in the results. Numbers that a row does not have are left out.</summary>
internal sealed record Measurement(string Row, string Server)
{
    /// <summary>From 1; earlier rounds warm up and are thrown away.</summary>
    public int Round { get; init; }

    public long? Records { get; init; }

    public long? Bytes { get; init; }

    public double? WallSeconds { get; init; }

    /// <summary>User and system time of the server's processes.</summary>
    public double? CpuSeconds { get; init; }

    public long? ResidentBytes { get; init; }

    /// <summary>Microseconds from the moment at which the request was due.</summary>
    public double? P50 { get; init; }

    public double? P99 { get; init; }
}
