using System.Diagnostics;
using Garam.Messaging.Producing;

namespace Garam.Outbox;

/// <summary>A record that is sent when the transaction that writes it is committed, and never when it is not.</summary>
/// <param name="Topic">An existing topic.</param>
/// <param name="Key">
/// Decides the partition, and with it the order: messages of one key arrive in the order in which they were written. Null: any partition,
/// in no order.
/// </param>
/// <param name="Value">The payload; null: a tombstone, by which a compacted topic forgets the key. The bytes must not change before the
/// transaction ends.</param>
public sealed record OutboxMessage(string Topic, string? Key, byte[]? Value)
{
    /// <summary>Headers in their order; names may repeat. Default none.</summary>
    public IReadOnlyList<RecordHeader> Headers { get; init; } = [];

    /// <summary>
    /// W3C trace context of the work that the message belongs to; null: that of a <c>traceparent</c> among the headers, or a new trace.
    /// Becomes the record's <c>traceparent</c> header.
    /// </summary>
    public string? TraceParent { get; init; } = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;

    /// <summary>The context of a trace that nobody records: it only ties records together.</summary>
    internal static string NewTrace() => $"00-{ActivityTraceId.CreateRandom().ToHexString()}-{ActivitySpanId.CreateRandom().ToHexString()}-00";
}

/// <summary>A message that waits in the outbox. Ids grow in commit order and are never reused.</summary>
internal sealed record OutboxRow(long Id, string Topic, string? Key, byte[]? Value, string? TraceParent, DateTimeOffset? WrittenAt)
{
    public IReadOnlyList<RecordHeader> Headers { get; init; } = [];

    /// <summary>How often it was tried until it was found to be undeliverable.</summary>
    public int Attempts { get; init; }

    /// <summary>Whether it was set aside.</summary>
    public bool IsUndeliverable { get; init; }

    /// <summary>When it was set aside; null for a row that was not, and where that cannot be read.</summary>
    public DateTimeOffset? UndeliverableSince { get; init; }

    public string? Reason { get; init; }

    /// <summary>What of the row is not as the outbox writes it: it cannot be sent. Null for a row as it should be.</summary>
    public string? Unreadable { get; init; }

    public OutboxLane Lane => OutboxLane.Of(Topic, Key, Id);

    /// <summary>Bytes of the record, roughly.</summary>
    public int Size => (Value?.Length ?? 0) + (Key?.Length ?? 0) + 64;
}

/// <summary>Rows that must be sent one after the other: those of one topic and key. A row without a key is alone in its lane.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Key">The key, or null.</param>
/// <param name="Id">Of the row. Not part of the lane's identity where it has a key.</param>
internal readonly record struct OutboxLane(string Topic, string? Key, long Id)
{
    public static OutboxLane Of(string topic, string? key, long id) => new(topic, key, id);

    public bool Equals(OutboxLane other) => Topic == other.Topic && Key == other.Key && (Key is not null || Id == other.Id);

    public override int GetHashCode() => Key is null ? Id.GetHashCode() : HashCode.Combine(Topic, Key);
}

/// <summary>A message's record is in its topic.</summary>
/// <param name="MessageId">What <see cref="Sqlite.SqliteOutbox.Add"/> answered.</param>
/// <param name="Key">The message's key.</param>
/// <param name="Position">Where the record is. A crash between the acknowledgement and its keeping sends the message again: then this is
/// the later record.</param>
/// <param name="At">When the broker's acknowledgement came, UTC.</param>
public sealed record OutboxReceipt(long MessageId, string? Key, RecordPosition Position, DateTimeOffset At);
