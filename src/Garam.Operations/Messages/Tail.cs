using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Confluent.Kafka;
using Garam.Operations.Connections;

namespace Garam.Operations.Messages;

/// <summary>One tail: topics followed from where they end, or from a cursor. Partitions that are added later are found and read from their beginning.</summary>
internal sealed class Tail(KafkaConnection kafka, TimeProvider time, TailRequest request)
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan BetweenInquiries = TimeSpan.FromSeconds(2);

    private readonly Dictionary<TopicPartition, long> _positions = [];
    private Task<IReadOnlyList<TopicPartition>>? _inquiry;
    private long _lastInquiry = time.GetTimestamp();

    public async IAsyncEnumerable<BrowseEvent> RunAsync([EnumeratorCancellation] CancellationToken ct)
    {
        if (!await TryStartAsync(ct))
        {
            yield return new BrowseEvent.Done(BrowseEnd.Stopped, Older: null, Newer: request.Cursor);
            yield break;
        }

        await foreach (var next in BlockingWork.StreamAsync<BrowseEvent>(kafka.Background, (events, abandoned) => Follow(events, abandoned, ct), CancellationToken.None))
            yield return next;
    }

    /// <summary>Finds where to begin; false if it was cancelled meanwhile.</summary>
    private async Task<bool> TryStartAsync(CancellationToken ct)
    {
        var cursor = request.Cursor is null ? null : Cursor.Parse(request.Cursor);
        try
        {
            var partitions = await BrowsePlan.PartitionsAsync(kafka, request.Topics, ct);
            foreach (var bounds in await BrowsePlan.BoundsAsync(kafka, partitions, ct))
                _positions[bounds.Partition] = Start(bounds, cursor);
            return true;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return false;
        }
    }

    // A partition that the cursor does not know, of a topic that it knows, was added since.
    private static long Start(PartitionRange bounds, Cursor? cursor) =>
        cursor is null ? bounds.Until
        : cursor.Offsets.TryGetValue(bounds.Partition, out var offset) ? Math.Clamp(offset, bounds.From, bounds.Until)
        : cursor.Offsets.Keys.Any(known => known.Topic == bounds.Partition.Topic) ? bounds.From
        : bounds.Until;

    private void Follow(ChannelWriter<BrowseEvent> events, CancellationToken abandoned, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, abandoned);
        using var reader = new RecordReader(kafka, time, ReadAhead.Tail);
        var output = new TailOutput(events, time, abandoned);
        reader.Follow(_positions.Select(position => new TopicPartitionOffset(position.Key, position.Value)));
        while (!stop.IsCancellationRequested)
        {
            if (reader.TryRead(Turn, out var record))
            {
                _positions[record.TopicPartition] = record.Offset + 1;
                output.Read(record);
                if (request.Query?.Matches(record) ?? true)
                    output.Add(record);
            }

            output.Tick(NewCursor);
            FollowNewPartitions(reader);
        }

        output.Finish(NewCursor());
    }

    private string NewCursor() => Cursor.Newer(_positions);

    private void FollowNewPartitions(RecordReader reader)
    {
        if (_inquiry is null && time.GetElapsedTime(_lastInquiry) >= BetweenInquiries)
            _inquiry = BrowsePlan.PartitionsAsync(kafka, request.Topics, CancellationToken.None);
        if (_inquiry is not { IsCompleted: true } answered)
            return;
        (_inquiry, _lastInquiry) = (null, time.GetTimestamp());

        // A broker that is away comes back; a topic that is gone does not.
        if (answered.Exception?.InnerException is OperationException { Kind: not FailureKind.NotFound })
            return;
        var added = answered.GetAwaiter().GetResult().Where(partition => !_positions.ContainsKey(partition)).Select(partition => new TopicPartitionOffset(partition, 0)).ToList();
        foreach (var partition in added)
            _positions[partition.TopicPartition] = 0;
        if (added.Count > 0)
            reader.Follow(added);
    }
}
