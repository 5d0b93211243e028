using Garam.Operations.Messages;

namespace Garam.Operations.DeadLetters;

/// <summary>What a re-drive would do. Nothing is sent before <see cref="DeadLetterOperations.RedriveAsync"/> is given it.</summary>
public sealed record RedrivePlan
{
    internal RedrivePlan()
    {
    }

    /// <summary>The dead-letter topic.</summary>
    public required string Topic { get; init; }

    /// <summary>What was asked for.</summary>
    public required RedriveSelection Selection { get; init; }

    /// <summary>What is sent instead of the letter's own content; null: the letters as they are.</summary>
    public LetterEdit? Edit { get; init; }

    /// <summary>The topic that all letters are sent to; null: each to the one that it comes from.</summary>
    public string? To { get; init; }

    /// <summary>Letters that will be sent.</summary>
    public required long Count { get; init; }

    /// <summary>Letters that match and are left out, because they were sent back before.</summary>
    public required long AlreadyRedriven { get; init; }

    /// <summary>Letters that match and cannot be sent: <see cref="Warnings"/> say why.</summary>
    public required long NotSendable { get; init; }

    /// <summary>Where the letters go, each partition once.</summary>
    public required IReadOnlyList<RedriveTarget> Targets { get; init; }

    /// <summary>The groups that will read them there.</summary>
    public required IReadOnlyList<RedriveReader> Readers { get; init; }

    /// <summary>What the operator should know before it begins, as sentences.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The edit compared with the letter, line by line; empty without one.</summary>
    public required IReadOnlyList<DiffLine> Diff { get; init; }

    /// <summary>Records to send in a second at most. Default null: as fast as they are acknowledged. 0.01-1,000,000.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>The letters, by partition of the dead-letter topic, in the order in which they are sent.</summary>
    internal IReadOnlyDictionary<int, PlannedLetters> Letters { get; init; } = new Dictionary<int, PlannedLetters>();

    /// <summary>What was known of the targets.</summary>
    internal RedriveTargets? TargetSet { get; init; }
}

/// <summary>Letters of one partition of the dead-letter topic.</summary>
/// <param name="Offsets">Those to send, ascending.</param>
/// <param name="End">Where the plan stopped looking for markers.</param>
internal sealed record PlannedLetters(IReadOnlyList<long> Offsets, long End);

/// <summary>Where letters go.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition that they came from; null: it is not there any more, or not known, and the key decides.</param>
/// <param name="Count">How many.</param>
public sealed record RedriveTarget(string Topic, int? Partition, long Count);

/// <summary>A group that reads a target.</summary>
/// <param name="Group">Its name.</param>
/// <param name="Topic">The target.</param>
/// <param name="GaveUp">It is the one that could not handle the letters. Any other has read these records before, and reads them <em>again</em>.</param>
/// <param name="State">Its state in the protocol's words: <c>Stable</c>, <c>Empty</c>, ... The empty ones read when they are started.</param>
public sealed record RedriveReader(string Group, string Topic, bool GaveUp, string State);

/// <summary>How far a re-drive is; one comes for each batch, and a last one at the end.</summary>
/// <param name="Redriven">Letters sent and acknowledged so far.</param>
/// <param name="Skipped">Letters left out so far: somebody else had sent them since the plan, or they were deleted.</param>
/// <param name="Total">Letters of the plan.</param>
/// <param name="Latest">Where those went that this event is about.</param>
/// <param name="Done">No more follow.</param>
public sealed record RedriveProgress(long Redriven, long Skipped, long Total, IReadOnlyList<RedrivenLetter> Latest, bool Done);

/// <summary>A letter that was sent back.</summary>
/// <param name="Letter">Where it lies in the dead-letter topic.</param>
/// <param name="To">Where it is now.</param>
public sealed record RedrivenLetter(StoredPlace Letter, StoredPlace To);
