using System.Text.Json.Serialization;

namespace Garam.Operations.Groups;

/// <summary>
/// What a reset of a group's offsets would do. A plan is data: it can be shown, written as JSON, sent through a form and applied later, when it
/// is refused if the group has moved since.
/// </summary>
/// <param name="Group">The group.</param>
/// <param name="Target">Where to, as <see cref="ResetTarget.Parse"/> reads it, or <c>undo</c>.</param>
/// <param name="Partitions">One line for each partition, by topic and partition.</param>
/// <param name="Warnings">What a person should know before he says yes; a sentence each.</param>
public sealed record ResetPlan(string Group, string Target, IReadOnlyList<ResetPartition> Partitions, IReadOnlyList<string> Warnings)
{
    /// <summary>Records that will be read again, counted in offsets.</summary>
    public long ReRead => Partitions.Sum(partition => Math.Max(0, -(partition.Delta ?? 0)));

    /// <summary>Records that will not be read, counted in offsets.</summary>
    public long Skipped => Partitions.Sum(partition => Math.Max(0, partition.Delta ?? 0));
}

/// <summary>A partition of a <see cref="ResetPlan"/>.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Before">The committed offset at the time of the preview; null: none.</param>
/// <param name="After">The offset to commit; null: the commit is forgotten (the undo of a first commit).</param>
/// <param name="AfterTime">Time of the first record that will then be read; null where there is none, or it is not known.</param>
/// <param name="Note">What is special about it.</param>
public sealed record ResetPartition(string Topic, int Partition, long? Before, long? After, DateTimeOffset? AfterTime, ResetNote Note)
{
    /// <summary>Below zero: that many records are read again; above: that many are skipped. Null where there is no Before or no After.</summary>
    public long? Delta => After - Before;
}

/// <summary>What is special about a partition of a <see cref="ResetPlan"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ResetNote>))]
public enum ResetNote
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>No record has that time or a later one: the end.</summary>
    NoRecordSince,

    /// <summary>The offset asked for lies before the first that is left: the start.</summary>
    MovedToStart,

    /// <summary>The offset asked for lies beyond the end: the end.</summary>
    MovedToEnd,
}
