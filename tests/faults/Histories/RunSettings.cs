namespace Garam.Faults.Histories;

/// <summary>What a run promises, so that the checker knows what to demand.</summary>
internal sealed record RunSettings
{
    public int Seed { get; init; }

    /// <summary>No record may be there twice, and the order of sends is the order of the log.</summary>
    public bool Idempotent { get; init; }

    /// <summary>An acknowledged record is below the high watermark: acks=all.</summary>
    public bool AcknowledgedIsVisible { get; init; }

    /// <summary>What becomes of the records of each topic.</summary>
    public IReadOnlyDictionary<string, Keeping> Topics { get; init; } = new Dictionary<string, Keeping>();
}

/// <summary>What a topic keeps.</summary>
internal enum Keeping
{
    /// <summary>Everything.</summary>
    All,

    /// <summary>The latest record of each key.</summary>
    Latest,

    /// <summary>What lies at or behind the log start offset.</summary>
    Tail,
}
