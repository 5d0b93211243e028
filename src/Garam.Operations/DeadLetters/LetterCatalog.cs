using Confluent.Kafka;
using Garam.Operations.Connections;
using Garam.Operations.Messages;
using Garam.Operations.Topics;

namespace Garam.Operations.DeadLetters;

/// <summary>Knows the topics of dead letters and what is in them. One reading at a time: whoever asks meanwhile waits for it, and then has little to read.</summary>
internal sealed class LetterCatalog(KafkaConnection kafka, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly Dictionary<string, LetterTally> _tallies = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<DeadLetterTopic>> ListAsync(CancellationToken ct)
    {
        await _reading.WaitAsync(ct);
        try
        {
            var topics = (await kafka.MetadataAsync(ct)).Topics.Where(topic => !topic.Error.IsError && DeadLetterNames.IsOne(topic.Topic)).ToList();
            var bounds = await ReadAsync([.. topics.SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition.PartitionId)))], ct);
            foreach (var gone in _tallies.Keys.Where(known => !bounds.Contains(known)).ToList())
                _tallies.Remove(gone);
            return [.. bounds.Select(topic => _tallies[topic.Key].Summary([.. topic])).OrderByDescending(topic => topic.Open > 0).ThenBy(topic => topic.Topic, StringComparer.Ordinal)];
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Where the open letters of a topic are, the newest first.</summary>
    /// <exception cref="OperationException">There is no such topic, or no leader answers.</exception>
    public async Task<IReadOnlyList<StoredPlace>> OpenAsync(string topic, CancellationToken ct)
    {
        await _reading.WaitAsync(ct);
        try
        {
            var partitions = await BrowsePlan.PartitionsAsync(kafka, [topic], ct);
            var bounds = await ReadAsync(partitions, ct);
            return bounds.Contains(topic)
                ? _tallies[topic].Open()
                : throw new OperationException(FailureKind.Unreachable, $"no partition of topic {topic} has a leader that answers.");
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    /// <summary>Reads what is new in these partitions.</summary>
    /// <returns>What there is of each topic; a partition whose leader does not answer is left out.</returns>
    private async Task<ILookup<string, PartitionRange>> ReadAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken ct)
    {
        var bounds = (await kafka.BoundsAsync(partitions, ct)).ToLookup(known => known.Key.Topic, known => new PartitionRange(known.Key, known.Value.Start, known.Value.End));
        foreach (var topic in bounds)
            _tallies.TryAdd(topic.Key, new LetterTally(topic.Key));
        var unread = bounds.SelectMany(topic => _tallies[topic.Key].Unread([.. topic])).ToList();
        await LetterReader.ReadAsync(kafka, time, unread, record => _tallies[record.Topic].Add(record), ct);
        foreach (var topic in bounds)
            _tallies[topic.Key].EndReading([.. topic]);
        return bounds;
    }
}
