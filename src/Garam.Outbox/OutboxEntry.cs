namespace Garam.Outbox;

/// <summary>An outbox as a whole.</summary>
/// <param name="Name">The store's file without its extension; a second store of that name has a number.</param>
/// <param name="Messages">All that are in it, the undeliverable ones included.</param>
/// <param name="Undeliverable">Those that wait for an operator.</param>
/// <param name="Oldest">Since when the oldest message waits, undeliverable ones not counted; null when none waits.</param>
/// <param name="Problems">What is wrong, one sentence for each problem.</param>
public sealed record OutboxSummary(string Name, long Messages, long Undeliverable, DateTimeOffset? Oldest, IReadOnlyList<string> Problems);

/// <summary>A message that is in an outbox.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="Key">Its key, or null.</param>
/// <param name="Bytes">Length of its value; null for a tombstone.</param>
/// <param name="WrittenAt">When it was written, UTC; null where that cannot be read.</param>
/// <param name="State">What it does now.</param>
/// <param name="Attempts">How often an undeliverable message was tried; 0 for others.</param>
/// <param name="UndeliverableSince">When it was set aside; null when it was not, and where that cannot be read.</param>
/// <param name="Reason">Why it is undeliverable, or why its last attempt failed; null when it has not failed.</param>
public sealed record OutboxEntry(
    long Id, string Topic, string? Key, int? Bytes, DateTimeOffset? WrittenAt, OutboxEntryState State, int Attempts, DateTimeOffset? UndeliverableSince, string? Reason)
{
    /// <summary>Its row is not as the outbox writes it. It cannot be sent and cannot become a dead letter; it can be removed.</summary>
    public bool IsUnreadable { get; init; }
}

/// <summary>What a message in an outbox does.</summary>
public enum OutboxEntryState
{
    /// <summary>It has not been tried: others are before it.</summary>
    Waiting,

    /// <summary>It is on its way, or right behind one of its key that is.</summary>
    Sending,

    /// <summary>It failed, and is tried again for as long as it lasts.</summary>
    Retrying,

    /// <summary>It was refused for good, and waits for an operator; so do the later messages of its key.</summary>
    Undeliverable,
}

/// <summary>What became of an operator's decision about a message.</summary>
public enum OutboxDecision
{
    /// <summary>It was carried out.</summary>
    Done,

    /// <summary>There is no such message, or none in that state: it may have been sent.</summary>
    NotFound,

    /// <summary>The message is being sent right now: nothing was done.</summary>
    BeingSent,

    /// <summary>The message cannot be read, so that it cannot become a dead letter: nothing was done. It can be removed.</summary>
    Unreadable,
}

/// <summary>A row of the outbox table is not as the outbox writes it.</summary>
internal sealed class UnreadableMessageException(string what)
    : Exception($"The row cannot be read: its {what}. It can only be removed, unless the row is corrected in the database.");

/// <summary>No outbox of this process has that name.</summary>
public sealed class OutboxNotFoundException(string name) : Exception($"There is no outbox '{name}' in this process.");
