using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Operations.Connections;
using Garam.Operations.Messages;
using Garam.Operations.Topics;

namespace Garam.Operations.DeadLetters;

/// <summary>
/// Sees what others send back from a partition while we do. Asked before each batch; costs one small request as long as nobody but us has written there.
/// </summary>
internal sealed class MarkerWatch(KafkaConnection kafka, TimeProvider time, TopicPartition partition, long from)
{
    private readonly HashSet<long> _redriven = [];
    private long _next = from;
    private int _ours;

    /// <summary>Offsets that others have sent back since <c>from</c>.</summary>
    public IReadOnlySet<long> Redriven => _redriven;

    /// <summary>We have written markers ourselves.</summary>
    public void CountOurs(int markers) => _ours += markers;

    public async Task LookAsync(CancellationToken ct)
    {
        var end = (await kafka.OffsetsAsync([partition], OffsetSpec.Latest(), ct)).GetValueOrDefault(partition, _next);
        if (end > _next + _ours)
            await LetterReader.ReadAsync(kafka, time, [new PartitionRange(partition, _next, end)], Take, ct);
        (_next, _ours) = (Math.Max(_next, end), 0);
    }

    private void Take(StoredRecord record)
    {
        if (LetterReading.Marker(record) is { } marker)
            _redriven.Add(marker.Offset);
    }
}
