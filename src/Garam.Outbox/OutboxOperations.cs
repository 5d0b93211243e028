using System.Globalization;
using System.Text;
using Garam.Messaging.Failures;
using Garam.Messaging.Producing;
using Garam.Messaging.Topics;

namespace Garam.Outbox;

/// <summary>What an operator sees of the outboxes of this process, and decides about messages that cannot be sent. Safe from any
/// thread.</summary>
public sealed class OutboxOperations(OutboxHealth health, IRecordProducer producer, ITopicAdmin topics, TimeProvider time)
{
    /// <summary>The group that dead letters of an outbox name: <c>orders.outbox.dlt</c>.</summary>
    public const string DeadLetterGroup = "outbox";

    private const int LongestTopicName = 249;

    /// <summary>Letters are kept until somebody has decided about them, and are as large as a message may be.</summary>
    private static readonly IReadOnlyDictionary<string, string> DeadLetterConfig = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["cleanup.policy"] = "delete",
        ["retention.ms"] = "-1",
        ["retention.bytes"] = "-1",
        ["max.message.bytes"] = (OutboxMessageCheck.MaxBytes + (64 << 10)).ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The outboxes with a relay in this process.</summary>
    public IReadOnlyList<OutboxSummary> Outboxes() => [.. health.All.Select(status => new OutboxSummary(
        status.Name, status.Outbox.Count(), status.Outbox.CountUndeliverable(), status.Outbox.OldestWrittenAt(), [.. status.Problems()]))];

    /// <summary>Messages of an outbox, the oldest first.</summary>
    /// <param name="outbox">Its name.</param>
    /// <param name="all">False: only those that are undeliverable.</param>
    /// <param name="after">Only messages with a higher id; 0: from the oldest on.</param>
    /// <param name="limit">At most so many, from 1.</param>
    /// <exception cref="OutboxNotFoundException">There is no outbox of that name.</exception>
    public IReadOnlyList<OutboxEntry> List(string outbox, bool all, long after, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var status = Get(outbox);
        return [.. status.Outbox.List(all, after, limit).Select(row => EntryOf(status, row))];
    }

    /// <summary>Lets an undeliverable message be sent again, before the later ones of its key.</summary>
    /// <exception cref="OutboxNotFoundException">There is no outbox of that name.</exception>
    public async Task<OutboxDecision> RetryAsync(string outbox, long id, CancellationToken cancellationToken) =>
        await Get(outbox).Outbox.RetryAsync(id, cancellationToken).ConfigureAwait(false) ? OutboxDecision.Done : OutboxDecision.NotFound;

    /// <summary>Removes a message: its record will not be written. The later ones of its key are sent.</summary>
    /// <exception cref="OutboxNotFoundException">There is no outbox of that name.</exception>
    public async Task<OutboxDecision> RemoveAsync(string outbox, long id, CancellationToken cancellationToken)
    {
        var status = Get(outbox);
        if (IsBeingSent(status, id))
            return OutboxDecision.BeingSent;
        return await status.Outbox.DiscardAsync(id, cancellationToken).ConfigureAwait(false) ? OutboxDecision.Done : OutboxDecision.NotFound;
    }

    /// <summary>
    /// Writes a message to its dead-letter topic (<c>{topic}.outbox.dlt</c>, made where absent) with headers that say why, and removes it
    /// when that is acknowledged.
    /// A crash between the two leaves it in both places.
    /// </summary>
    /// <exception cref="OutboxNotFoundException">There is no outbox of that name.</exception>
    /// <exception cref="ProduceFailedException">The dead letter could not be written: the message stays.</exception>
    /// <exception cref="TopicAdminException">The topic could not be made: the message stays.</exception>
    public async Task<OutboxDecision> DeadLetterAsync(string outbox, long id, CancellationToken cancellationToken)
    {
        var status = Get(outbox);
        if (IsBeingSent(status, id))
            return OutboxDecision.BeingSent;
        if (status.Outbox.Get(id) is not { } row)
            return OutboxDecision.NotFound;
        if (row.Unreadable is not null)
            return OutboxDecision.Unreadable;
        var topic = DeadLetterTopic(row.Topic);
        await topics.EnsureTopicsAsync([new TopicDefinition(topic, Partitions: 1, DeadLetterConfig)], cancellationToken).ConfigureAwait(false);
        await producer.ProduceAsync(Letter(row, topic, status.FailureOf(id)), cancellationToken).ConfigureAwait(false);
        return await status.Outbox.DiscardAsync(id, cancellationToken).ConfigureAwait(false) ? OutboxDecision.Done : OutboxDecision.NotFound;
    }

    /// <summary>Where a message for this topic goes as a dead letter.</summary>
    public static string DeadLetterTopic(string topic)
    {
        var name = $"{topic}.{DeadLetterGroup}.dlt";
        return name.Length <= LongestTopicName && OutboxMessageCheck.IsTopicName(name) ? name : $"{DeadLetterGroup}.dlt";
    }

    private static bool IsBeingSent(OutboxStatus status, long id) => status.Schedule.Has(id) && status.FailureOf(id) is null;

    private OutboxStatus Get(string outbox) => health.All.FirstOrDefault(status => status.Name == outbox) ?? throw new OutboxNotFoundException(outbox);

    private static OutboxEntry EntryOf(OutboxStatus status, OutboxRow row)
    {
        var failure = status.FailureOf(row.Id);
        var state = row.IsUndeliverable ? OutboxEntryState.Undeliverable
            : failure is not null ? OutboxEntryState.Retrying
            : status.Schedule.Has(row.Id) ? OutboxEntryState.Sending
            : OutboxEntryState.Waiting;
        return new OutboxEntry(row.Id, row.Topic, row.Key, row.Value?.Length, row.WrittenAt, state, row.Attempts, row.UndeliverableSince,
            row.Reason ?? failure ?? (row.Unreadable is { } what ? new UnreadableMessageException(what).Message : null))
        {
            IsUnreadable = row.Unreadable is not null,
        };
    }

    private ProducerRecord Letter(OutboxRow row, string topic, string? failure) =>
        new(topic, RecordBytes.OrNull(row.Key is { } key ? Encoding.UTF8.GetBytes(key) : null), RecordBytes.OrNull(row.Value))
        {
            Timestamp = row.WrittenAt,
            Headers =
            [
                .. row.Headers,
                .. row.TraceParent is { } trace ? [RecordHeader.Text(OutboxHeaders.TraceParent, trace)] : Array.Empty<RecordHeader>(),
                RecordHeader.Text(DeadLetterHeaders.Topic, row.Topic),
                RecordHeader.Text(DeadLetterHeaders.Group, DeadLetterGroup),
                RecordHeader.Text(DeadLetterHeaders.Attempts, row.Attempts.ToString(CultureInfo.InvariantCulture)),
                RecordHeader.Text(DeadLetterHeaders.Exception, typeof(ProduceFailedException).FullName!),
                RecordHeader.Text(DeadLetterHeaders.Message, row.Reason ?? failure ?? "Removed from the outbox by an operator."),
                RecordHeader.Text(DeadLetterHeaders.At, time.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
            ],
        };
}
