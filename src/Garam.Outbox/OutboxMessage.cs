using System.Diagnostics;
using Garam.Messaging.Producing;

namespace Garam.Outbox;

/// <summary>A record that leaves when the transaction that writes it is committed, and never leaves when it is not.</summary>
/// <param name="Topic">An existing topic.</param>
/// <param name="Key">Decides the partition, and with it the order: messages of one key arrive in the order in which they were written.</param>
/// <param name="Value">The payload. The bytes must not change before the transaction ends.</param>
public sealed record OutboxMessage(string Topic, string Key, byte[] Value)
{
    /// <summary>W3C trace context of the work that the message belongs to; null: a trace of its own begins. Goes into the record's <c>traceparent</c> header, and on with everything that comes of it.</summary>
    public string? TraceParent { get; init; } = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;

    /// <summary>The context of a trace that nobody records: it only ties records together.</summary>
    internal static string NewTrace() => $"00-{ActivityTraceId.CreateRandom().ToHexString()}-{ActivitySpanId.CreateRandom().ToHexString()}-00";
}

/// <summary>A message that waits in the outbox. Ids grow in commit order and are never reused.</summary>
internal sealed record OutboxRow(long Id, string Topic, string Key, byte[] Value, string? TraceParent, DateTimeOffset WrittenAt);

/// <summary>A message's record is where it had to go.</summary>
/// <param name="MessageId">What <see cref="Sqlite.SqliteOutbox.Add"/> answered.</param>
/// <param name="Key">The message's key.</param>
/// <param name="Position">Where the record is. A crash between the acknowledgement and its keeping sends the message again: then this is the later record.</param>
/// <param name="At">When the broker's acknowledgement came, UTC.</param>
public sealed record OutboxReceipt(long MessageId, string Key, RecordPosition Position, DateTimeOffset At);
