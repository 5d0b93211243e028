using System.Text.Json.Serialization;

namespace Garam.Operations.Groups;

/// <summary>
/// What a reset of a group's offsets would do. A plan is data: it can be shown, written as JSON, sent through a form and applied later, when it
/// is refused if the group has moved since.
/// </summary>
/// <param name="Group">The group.</param>
/// <param name="Target">Where to, as <see cref="ResetTarget.Parse"/> reads it, or <see cref="Undo"/>, or <see cref="Redo"/>.</param>
/// <param name="Partitions">One line for each partition, by topic and partition.</param>
/// <param name="Warnings">What a person should know before he says yes; a sentence each.</param>
public sealed record ResetPlan(string Group, string Target, IReadOnlyList<ResetPartition> Partitions, IReadOnlyList<string> Warnings)
{
    /// <summary>The <see cref="Target"/> of a plan that takes back a reset.</summary>
    public const string Undo = "undo";

    /// <summary>The <see cref="Target"/> of a plan that takes back an undo, and so resets the group again.</summary>
    public const string Redo = "redo";

    /// <summary>Records that will be read again, counted in offsets.</summary>
    public long ReRead => Partitions.Sum(partition => Math.Max(0, -(partition.Delta ?? 0)));

    /// <summary>Records that will not be read, counted in offsets: from the committed offset on, where there is one.</summary>
    public long Skipped => Partitions.Sum(partition => Math.Max(0, partition.Delta ?? 0));

    /// <summary>Partitions in which nothing was committed before, or will be afterwards: where the group begins there is its consumers' choice (<c>auto.offset.reset</c>).</summary>
    public int Uncommitted => Partitions.Count(partition => partition.IsUncommitted);

    /// <summary>In these partitions, records that the group would have read, or not, if its consumers begin at the start: so many more may be skipped.</summary>
    public long MaySkip => Partitions.Sum(partition => partition.MaySkip);

    /// <summary>In these partitions, records that may be read, or read again, and would not have been if its consumers begin at the end.</summary>
    public long MayRead => Partitions.Sum(partition => partition.MayRead);

    /// <summary>What <see cref="ReRead"/> and <see cref="Skipped"/> do not count, in one sentence; null where they count everything.</summary>
    [JsonIgnore]
    public LocalizedText? Gap => (MaySkip, MayRead) switch
    {
        (0, 0) => null,
        (_, 0) => GapOf($"up to {More(MaySkip)} skipped there", $"최대 {Words.Number(MaySkip)}건 더 건너뛸"),
        (0, _) => GapOf($"up to {More(MayRead)} read there", $"최대 {Words.Number(MayRead)}건 더 읽을"),
        _ => GapOf(
            $"up to {More(MaySkip)} skipped there and up to {Words.Number(MayRead)} read",
            $"최대 {Words.Number(MaySkip)}건 더 건너뛰거나 최대 {Words.Number(MayRead)}건 더 읽을"),
    };

    private LocalizedText GapOf(string english, string korean) => new(
        $"{Words.Count(Uncommitted, "partition")} {Words.Of(Uncommitted, "has", "have")} no committed offset: depending on auto.offset.reset, {english}",
        $"파티션 {Words.Number(Uncommitted)}개에는 커밋된 오프셋이 없어, auto.offset.reset 설정에 따라 레코드를 {korean} 수 있습니다");

    private static string More(long records) => $"{Words.Count(records, "more record")} {Words.Of(records, "is", "are")}";
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

    /// <summary>The first offset that the log held at the time of the preview; null where it is not known.</summary>
    public long? StartOffset { get; init; }

    /// <summary>The offset after the last record at the time of the preview; null where it is not known.</summary>
    public long? EndOffset { get; init; }

    /// <summary>Whether it has no committed offset before or after.</summary>
    internal bool IsUncommitted => (Before is null) != (After is null);

    /// <summary>The most records that are skipped where nothing was committed before, or will be afterwards.</summary>
    [JsonIgnore]
    public long MaySkip => !IsUncommitted ? 0 : Distance(StartOffset, After) + Distance(Before, EndOffset);

    /// <summary>The most records that are read where nothing was committed before, or will be afterwards, which would not be read otherwise.</summary>
    [JsonIgnore]
    public long MayRead => !IsUncommitted ? 0 : Distance(After, EndOffset) + Distance(StartOffset, Before);

    private static long Distance(long? from, long? to) => Math.Max(0, to - from ?? 0);
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
