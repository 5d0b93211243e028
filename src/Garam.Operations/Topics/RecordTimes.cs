using System.Collections.Concurrent;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Operations.Connections;
using Garam.Operations.Messages;

namespace Garam.Operations.Topics;

/// <summary>A place in a topic's log. The id tells a topic from one that was made anew under its name.</summary>
internal readonly record struct RecordPlace(string Topic, (long High, long Low) TopicId, int Partition, long Offset)
{
    public static RecordPlace In(TopicDescription topic, int partition, long offset) =>
        new(topic.Name, (topic.TopicId.MostSignificantBits, topic.TopicId.LeastSignificantBits), partition, offset);
}

/// <summary>
/// The time of the first record at or after a place. Kafka can be asked for the offset of a time, but not for the time of an offset: the record has
/// to be read. What was read once is kept, for it does not change. Safe from any thread.
/// </summary>
internal sealed class RecordTimes(KafkaConnection kafka) : IDisposable
{
    /// <summary>Places kept; about 10 MB.</summary>
    private const int Kept = 100_000;

    /// <summary>A page that waits longer for ages is worse than one with some of them missing: they come with the next.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>A place this close is reached sooner by reading on than by another round: it mostly lies in the batch that is there already.</summary>
    private const int Near = 500;

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    private readonly BoundedCache<RecordPlace, DateTimeOffset> _known = new(Kept);
    private readonly ConcurrentBag<IConsumer<Ignore, Ignore>> _idle = [];
    private readonly SemaphoreSlim _readers = new(2);

    /// <summary>Times by place; null where no record is left to read. Left out: where records carry no time, and what could not be read in time.</summary>
    public async Task<IReadOnlyDictionary<RecordPlace, DateTimeOffset?>> AtAsync(IReadOnlyCollection<RecordPlace> places, CancellationToken cancellationToken)
    {
        var found = new Dictionary<RecordPlace, DateTimeOffset?>(places.Count);
        var unknown = new HashSet<RecordPlace>();
        foreach (var place in places)
        {
            if (_known.TryGet(place, out var time))
                found[place] = time;
            else
                unknown.Add(place);
        }

        if (unknown.Count > 0)
        {
            foreach (var (place, time) in await ReadAsync(unknown, cancellationToken))
            {
                found[place] = time;
                if (time is { } lasting)
                    _known.Set(place, lasting);
            }
        }

        return found;
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var consumer))
            consumer.Dispose();
        _readers.Dispose();
    }

    private async Task<Dictionary<RecordPlace, DateTimeOffset?>> ReadAsync(IReadOnlyCollection<RecordPlace> places, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        await _readers.WaitAsync(cancellationToken);
        try
        {
            var consumer = _idle.TryTake(out var idle) ? idle : Build();
            var found = await BlockingWork.RunAsync(kafka.Background, "reading times of records", () => Read(consumer, places, deadline.Token));
            _idle.Add(consumer);
            return found;
        }
        finally
        {
            _readers.Release();
        }
    }

    // Round by round: a consumer can stand at one place of a partition only, and groups stand at many.
    private static Dictionary<RecordPlace, DateTimeOffset?> Read(IConsumer<Ignore, Ignore> consumer, IReadOnlyCollection<RecordPlace> places, CancellationToken deadline)
    {
        var found = new Dictionary<RecordPlace, DateTimeOffset?>();
        var waiting = places.GroupBy(place => new TopicPartition(place.Topic, place.Partition))
            .ToDictionary(same => same.Key, same => new Queue<RecordPlace>(same.OrderBy(place => place.Offset)));
        while (waiting.Count > 0 && !deadline.IsCancellationRequested)
        {
            ReadRound(consumer, waiting, found, deadline);
            foreach (var done in waiting.Where(partition => partition.Value.Count == 0).Select(partition => partition.Key).ToList())
                waiting.Remove(done);
        }

        consumer.Unassign();
        return found;
    }

    private static void ReadRound(
        IConsumer<Ignore, Ignore> consumer, Dictionary<TopicPartition, Queue<RecordPlace>> waiting, Dictionary<RecordPlace, DateTimeOffset?> found, CancellationToken deadline)
    {
        var open = waiting.Keys.ToHashSet();
        consumer.Assign(waiting.Select(partition => new TopicPartitionOffset(partition.Key, partition.Value.Peek().Offset)));
        while (open.Count > 0 && !deadline.IsCancellationRequested)
        {
            if (Consume(consumer) is not { } record || !open.Contains(record.TopicPartition))
                continue;
            var places = waiting[record.TopicPartition];
            Answer(places, record, found);
            if (places.TryPeek(out var next) && next.Offset - record.Offset.Value <= Near)
                continue;
            // Or the rest of what was fetched would come through here, and more of it would be fetched.
            open.Remove(record.TopicPartition);
            consumer.IncrementalUnassign([record.TopicPartition]);
        }
    }

    // One record answers for every place from the one where the reading began to its own: between them there is none.
    private static void Answer(Queue<RecordPlace> places, ConsumeResult<Ignore, Ignore> record, Dictionary<RecordPlace, DateTimeOffset?> found)
    {
        while (places.TryPeek(out var place) && (record.IsPartitionEOF || place.Offset <= record.Offset.Value))
        {
            places.Dequeue();
            if (record.IsPartitionEOF)
                found[place] = null;
            else if (record.Message.Timestamp.Type is not TimestampType.NotAvailable)
                found[place] = new DateTimeOffset(record.Message.Timestamp.UtcDateTime);
        }
    }

    private static ConsumeResult<Ignore, Ignore>? Consume(IConsumer<Ignore, Ignore> consumer)
    {
        try
        {
            return consumer.Consume(Glance);
        }
        catch (ConsumeException exception) when (exception.ConsumerRecord is { } record)
        {
            // The place went away since it was looked up, or may not be read: nothing is left there.
            return new ConsumeResult<Ignore, Ignore> { TopicPartitionOffset = record.TopicPartitionOffset, IsPartitionEOF = true };
        }
    }

    private IConsumer<Ignore, Ignore> Build() => new ConsumerBuilder<Ignore, Ignore>(kafka.Configure(new ConsumerConfig
    {
        GroupId = "garam-times",
        EnableAutoCommit = false,
        EnablePartitionEof = true,
        AutoOffsetReset = AutoOffsetReset.Error,
        IsolationLevel = IsolationLevel.ReadUncommitted,
        // One record of each partition is all that is wanted; a broker sends a whole batch anyhow, even one that is larger than this.
        MaxPartitionFetchBytes = 32 * 1024,
        // The client holds back a partition of which it has more than this; by default for a second, even if it is assigned anew.
        QueuedMinMessages = 1,
        FetchQueueBackoffMs = 5,
        // An answer that waits for records at the end of one partition would hold up the next round.
        FetchWaitMaxMs = 10,
    }))
        .SetLogHandler((_, message) => ClientLog.Write(kafka.Logger, message))
        .SetErrorHandler((_, _) => { })
        .Build();
}
