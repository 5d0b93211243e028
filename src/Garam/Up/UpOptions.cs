namespace Garam.Up;

/// <summary>What <c>garam up</c> runs, and where.</summary>
internal sealed record UpOptions
{
    /// <summary>Where the embedded broker listens. Not used with <see cref="BootstrapServers"/>.</summary>
    public required string Kafka { get; init; }

    /// <summary>Where HTTP is served.</summary>
    public required HttpAddress Http { get; init; }

    /// <summary>The directory that keeps everything, absolute.</summary>
    public required string Data { get; init; }

    /// <summary>A Kafka cluster in place of the embedded broker; null for the broker.</summary>
    public string? BootstrapServers { get; init; }

    /// <summary>Settings of the embedded broker by their Kafka names.</summary>
    public required IReadOnlyDictionary<string, string> BrokerConfiguration { get; init; }

    /// <summary>Whether to log what happens, not only what goes wrong.</summary>
    public bool Verbose { get; init; }
}
