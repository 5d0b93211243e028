using Garam.Operations.Queries;

namespace Garam.Operations.Messages;

/// <summary>In which order records come. Those of one partition always keep theirs.</summary>
public enum BrowseOrder
{
    /// <summary>From the oldest on. Partitions are merged by time where there is a limit, and come as they are read where there is none.</summary>
    Oldest,

    /// <summary>From the newest back, partitions merged by time.</summary>
    Newest,
}

/// <summary>Which records of a topic to look at. The topic's ends are captured when the browse begins: what is written later is not part of it.</summary>
/// <param name="Topic">An existing topic.</param>
public sealed record BrowseRequest(string Topic)
{
    /// <summary>Partitions to read. Default null: all.</summary>
    public IReadOnlyList<int>? Partitions { get; init; }

    /// <summary>The first record. Default: the oldest.</summary>
    public StartOffset From { get; init; } = StartOffset.Beginning;

    /// <summary>The first record that is no longer read. Default null: the end at the time of the call.</summary>
    public StartOffset? Until { get; init; }

    /// <summary>Only records that match. Default null: all.</summary>
    public RecordQuery? Query { get; init; }

    /// <summary>True: where the query asks for one key, read only the partition that its hash (murmur2) names. Records that were put elsewhere by hand are then not found. Default false.</summary>
    public bool KeyNamesPartition { get; init; }

    /// <summary>Rows after which to end. Default 50; null: none, read everything.</summary>
    public int? Limit { get; init; } = 50;

    /// <summary>Default: oldest first.</summary>
    public BrowseOrder Order { get; init; } = BrowseOrder.Oldest;

    /// <summary>Where an earlier browse of this topic ended (<see cref="BrowseEvent.Done"/>). It knows its own direction, and wins over <see cref="Order"/>. Default null.</summary>
    public string? Cursor { get; init; }
}

/// <summary>What to follow as it is written.</summary>
/// <param name="Topics">Existing topics.</param>
public sealed record TailRequest(IReadOnlyList<string> Topics)
{
    /// <summary>Only records that match. Default null: all.</summary>
    public RecordQuery? Query { get; init; }

    /// <summary>Where an earlier tail of these topics was (<see cref="BrowseEvent.Progress.Cursor"/>). Default null: the ends at the time of the call.</summary>
    public string? Cursor { get; init; }
}
