namespace Garam.Operations.DeadLetters;

/// <summary>A topic that holds dead letters, and what they are about.</summary>
/// <param name="Topic">Its name.</param>
/// <param name="Source">Topic that the letters come from; null: there is no letter that says so, or they come from several.</param>
/// <param name="Group">Consumer group that gave them up; likewise.</param>
/// <param name="Open">Letters that were not sent back yet, of those looked at.</param>
/// <param name="Total">Letters that were looked at. Markers of re-drives are no letters.</param>
/// <param name="Oldest">When the oldest open letter was given up; null: none is open.</param>
/// <param name="Newest">When the newest open letter was given up.</param>
/// <param name="Reasons">The open letters by exception type, the most frequent first.</param>
/// <param name="NotLookedAt">Older records that were not looked at, because there are more than <see cref="DeadLetterOperations.MaxScanned"/>. Usually 0.</param>
public sealed record DeadLetterTopic(
    string Topic,
    string? Source,
    string? Group,
    long Open,
    long Total,
    DateTimeOffset? Oldest,
    DateTimeOffset? Newest,
    IReadOnlyList<DeadLetterReason> Reasons,
    long NotLookedAt);

/// <summary>Open letters that failed alike.</summary>
/// <param name="Exception">Full name of the exception's type; null: the letters do not say.</param>
/// <param name="Count">How many.</param>
/// <param name="Example">The message of the newest of them; null: it has none.</param>
/// <param name="Newest">When that was given up.</param>
/// <param name="Query">What selects these letters, in the query language.</param>
public sealed record DeadLetterReason(string? Exception, long Count, string? Example, DateTimeOffset? Newest, string Query);
