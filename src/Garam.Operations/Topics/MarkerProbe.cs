using Confluent.Kafka.Admin;
using Garam.Operations.Connections;

namespace Garam.Operations.Topics;

/// <summary>
/// Whether transactions are written to a topic. The protocol does not say, but a transaction ends with a marker: where the last offset of a partition
/// holds no record, it holds one. What was found is kept for a while, since the end of a busy topic moves with every look.
/// </summary>
internal sealed class MarkerProbe(KafkaConnection kafka, TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly BoundedCache<(string Topic, long High, long Low), (long At, bool Found)> _known = new(1_000);

    /// <param name="topic">An existing topic.</param>
    /// <param name="ends">Where its partitions begin and end.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> HasTransactionsAsync(TopicDescription topic, IReadOnlyDictionary<int, PartitionBounds> ends, CancellationToken cancellationToken)
    {
        var key = (topic.Name, topic.TopicId.MostSignificantBits, topic.TopicId.LeastSignificantBits);
        if (_known.TryGet(key, out var known) && (known.Found || time.GetElapsedTime(known.At) < Kept))
            return known.Found;
        List<RecordPlace> last = [.. ends.Where(end => end.Value.Records > 0).Select(end => RecordPlace.In(topic, end.Key, end.Value.End - 1))];
        var found = (await kafka.Times.AtAsync(last, cancellationToken).ConfigureAwait(false)).Values.Any(read => read is null);
        _known.Set(key, (time.GetTimestamp(), found));
        return found;
    }
}
