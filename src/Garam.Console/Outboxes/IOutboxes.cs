using Garam.Console.Languages;

namespace Garam.Console.Outboxes;

/// <summary>
/// The outboxes of this process: messages that were written with their rows and are on their way to Kafka. The console does not know where
/// they are kept: the
/// composition of the process registers one of these, and the pages under <c>/console/outbox</c> and the API under <c>/api/outboxes</c>
/// show it.
/// </summary>
public interface IOutboxes
{
    /// <summary>What the commands name to find this process; null where they find it by themselves.</summary>
    Uri? Server { get; }

    /// <summary>All outboxes, in the order of their registration.</summary>
    IReadOnlyList<OutboxView> All();

    /// <summary>Messages of an outbox, the oldest first; null when there is no such outbox.</summary>
    /// <param name="outbox">Its name.</param>
    /// <param name="all">False: only those that are undeliverable.</param>
    /// <param name="after">Only messages with a higher id; 0: from the oldest on.</param>
    /// <param name="limit">At most so many, from 1.</param>
    IReadOnlyList<OutboxMessageView>? Read(string outbox, bool all, long after, int limit);

    /// <summary>Carries out a decision about one message.</summary>
    Task<OutboxOutcome> DecideAsync(string outbox, long id, OutboxAction action, CancellationToken ct);
}

/// <summary>An outbox as a whole.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Messages">All that are in it, the undeliverable ones included.</param>
/// <param name="Undeliverable">Those that wait for a decision.</param>
/// <param name="Oldest">Since when the oldest message waits, undeliverable ones not counted; null when none waits.</param>
/// <param name="Problems">What is wrong, one sentence for each problem.</param>
public sealed record OutboxView(string Name, long Messages, long Undeliverable, DateTimeOffset? Oldest, IReadOnlyList<string> Problems);

/// <summary>A message in an outbox.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="Key">Its key, or null.</param>
/// <param name="Bytes">Length of its value; null for a tombstone.</param>
/// <param name="WrittenAt">When it was written; null where that cannot be read.</param>
/// <param name="State">What it does now.</param>
/// <param name="Attempts">How often an undeliverable message was tried; 0 for others.</param>
/// <param name="Reason">Why it is undeliverable or its last attempt failed; null when it has not failed.</param>
/// <param name="DeadLetterTopic">Where it would go as a dead letter.</param>
public sealed record OutboxMessageView(
    long Id, string Topic, string? Key, int? Bytes, DateTimeOffset? WrittenAt, OutboxMessageState State, int Attempts, string? Reason, string DeadLetterTopic)
{
    /// <summary>Its row cannot be read as a message, so that it cannot become a dead letter. It can be removed.</summary>
    public bool IsUnreadable { get; init; }
}

/// <summary>What a message in an outbox does.</summary>
public enum OutboxMessageState
{
    Waiting,
    Sending,
    Retrying,
    Undeliverable,
}

/// <summary>What can be done about a message.</summary>
public enum OutboxAction
{
    /// <summary>Send it again, before the later ones of its key.</summary>
    Retry,

    /// <summary>Remove it: its record will not be written.</summary>
    Remove,

    /// <summary>Write it to its dead-letter topic and remove it.</summary>
    DeadLetter,
}

/// <summary>What became of a decision.</summary>
public enum OutboxOutcome
{
    Done,

    /// <summary>There is no such message, or it is in a state for which the action is not meant.</summary>
    NotFound,

    /// <summary>It is being sent right now.</summary>
    BeingSent,

    /// <summary>It cannot be read, so that it cannot become a dead letter.</summary>
    Unreadable,
}

/// <summary>States in words.</summary>
internal static class OutboxWords
{
    public static string Level(this OutboxMessageState state) => state switch
    {
        OutboxMessageState.Undeliverable => "bad",
        OutboxMessageState.Retrying => "warn",
        OutboxMessageState.Sending => "ok",
        _ => "idle",
    };

    public static string Word(this OutboxMessageState state, Language language) => state switch
    {
        OutboxMessageState.Undeliverable => language["undeliverable", "전송 불가"],
        OutboxMessageState.Retrying => language["retrying", "재시도 중"],
        OutboxMessageState.Sending => language["sending", "전송 중"],
        _ => language["waiting", "대기 중"],
    };
}
