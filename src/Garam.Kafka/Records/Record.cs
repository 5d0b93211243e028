namespace Garam.Kafka.Records;

/// <summary>One record, as a view into the buffer of its batch. It is gone when that buffer is reused.</summary>
public readonly ref struct Record
{
    public required long Offset { get; init; }

    /// <summary>Milliseconds since 1970; -1 when the producer gave none.</summary>
    public required long Timestamp { get; init; }

    /// <summary>Null and empty are not the same: see <see cref="HasKey"/>.</summary>
    public required ReadOnlySpan<byte> Key { get; init; }

    public required ReadOnlySpan<byte> Value { get; init; }

    public required bool HasKey { get; init; }

    /// <summary>False for a tombstone, which deletes its key from a compacted topic.</summary>
    public required bool HasValue { get; init; }

    public required int HeaderCount { get; init; }

    /// <summary>The headers as they are encoded: a copy of a record keeps them byte by byte.</summary>
    public required ReadOnlySpan<byte> EncodedHeaders { get; init; }
}
