namespace Garam.Faults.Histories;

/// <summary>One line of a history. What an operation does not have is absent.</summary>
internal sealed record HistoryEvent
{
    /// <summary>Milliseconds since the run began, by a clock that never jumps. The order of lines is the order of events.</summary>
    public long Time { get; init; }

    public string Client { get; init; } = "";

    public Operation Operation { get; init; }

    public Outcome Outcome { get; init; }

    public string? Topic { get; init; }

    public int? Partition { get; init; }

    public string? Key { get; init; }

    /// <summary>Of a send: unique in the run.</summary>
    public string? Value { get; init; }

    public long? Offset { get; init; }

    /// <summary>Of a send and a lookup: milliseconds since 1970.</summary>
    public long? Timestamp { get; init; }

    public string? Group { get; init; }

    /// <summary>Of a poll.</summary>
    public IReadOnlyList<ReadRecord>? Records { get; init; }

    /// <summary>Of a commit, of the committed offsets, and of an assignment that says where it begins.</summary>
    public IReadOnlyList<PartitionOffset>? Offsets { get; init; }

    public IReadOnlyList<ServedBatch>? Batches { get; init; }

    public LogEnds? Ends { get; init; }

    /// <summary>Of a topic; null: there is none.</summary>
    public string? TopicId { get; init; }

    public IReadOnlyDictionary<string, string>? Configs { get; init; }

    /// <summary>Of the first line.</summary>
    public RunSettings? Settings { get; init; }

    /// <summary>For people: what went wrong, or what was done.</summary>
    public string? Note { get; init; }
}

/// <summary>A record as a reader saw it.</summary>
internal sealed record ReadRecord(int Partition, long Offset, string Value)
{
    public string? Key { get; init; }

    public int? Epoch { get; init; }

    public long? Timestamp { get; init; }
}

/// <param name="Offset">The next one to be read.</param>
internal sealed record PartitionOffset(int Partition, long Offset);

/// <param name="Hash">Of all of its bytes.</param>
internal sealed record ServedBatch(long First, long Last, string Hash);

/// <summary>Log start offset, last stable offset, high watermark, log end offset.</summary>
internal sealed record LogEnds(long Start, long Stable, long High, long End);
