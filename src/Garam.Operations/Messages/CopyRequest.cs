namespace Garam.Operations.Messages;

/// <summary>Records to write again, into another topic or the same one.</summary>
/// <param name="Source">What to copy. Its limit counts the records that match; it is read oldest first.</param>
/// <param name="Target">An existing topic.</param>
public sealed record CopyRequest(BrowseRequest Source, string Target)
{
    /// <summary>The name of the header that <see cref="MarkOrigin"/> adds: <c>TOPIC:PARTITION:OFFSET</c> of the record copied.</summary>
    public const string OriginHeader = "garam.copy.of";

    /// <summary>True: into the partition of the same number, which must exist. Default false: by the key.</summary>
    public bool KeepPartitions { get; init; }

    /// <summary>Default true: the copy keeps the time of the record. False: now.</summary>
    public bool KeepTimestamps { get; init; } = true;

    /// <summary>True: each copy says in a header which record it is of. Default false: a copy is exact.</summary>
    public bool MarkOrigin { get; init; }

    /// <summary>True: count only, write nothing. Default false.</summary>
    public bool DryRun { get; init; }
}

/// <summary>How far a copy is. The last one says <paramref name="Done"/>.</summary>
/// <param name="Scanned">Offsets looked at.</param>
/// <param name="Total">Offsets in the range.</param>
/// <param name="Matched">Records that are part of the copy so far.</param>
/// <param name="Written">Those that the target has acknowledged; 0 in a dry run.</param>
/// <param name="Bytes">Bytes of keys and values of those that matched.</param>
/// <param name="Done">No more follow.</param>
public sealed record CopyProgress(long Scanned, long Total, long Matched, long Written, long Bytes, bool Done);
