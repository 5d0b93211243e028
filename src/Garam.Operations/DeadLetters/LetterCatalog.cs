using Confluent.Kafka;
using Garam.Operations.Connections;
using Garam.Operations.Messages;
using Garam.Operations.Topics;

namespace Garam.Operations.DeadLetters;

/// <summary>Knows the topics of dead letters and what is in them. One reading at a time: whoever asks meanwhile waits for it, and then has little to read.</summary>
internal sealed class LetterCatalog(KafkaConnection kafka, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _reading = new(1, 1);
    private Dictionary<string, LetterTally> _tallies = [];

    public async Task<IReadOnlyList<DeadLetterTopic>> ListAsync(CancellationToken ct)
    {
        await _reading.WaitAsync(ct);
        try
        {
            var bounds = await BoundsAsync(ct);
            _tallies = bounds.ToDictionary(topic => topic.Key, topic => _tallies.GetValueOrDefault(topic.Key) ?? new LetterTally(topic.Key), StringComparer.Ordinal);
            var unread = bounds.SelectMany(topic => _tallies[topic.Key].Unread([.. topic])).ToList();
            await LetterReader.ReadAsync(kafka, time, unread, record => _tallies[record.Topic].Add(record), ct);
            return [.. bounds.Select(topic => _tallies[topic.Key].Summary([.. topic])).OrderByDescending(topic => topic.Open > 0).ThenBy(topic => topic.Topic, StringComparer.Ordinal)];
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private async Task<ILookup<string, PartitionRange>> BoundsAsync(CancellationToken ct)
    {
        var topics = (await kafka.MetadataAsync(ct)).Topics.Where(topic => !topic.Error.IsError && DeadLetterNames.IsOne(topic.Topic));
        var partitions = topics.SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition.PartitionId))).ToList();
        var bounds = await kafka.BoundsAsync(partitions, ct);
        return bounds.ToLookup(known => known.Key.Topic, known => new PartitionRange(known.Key, known.Value.Start, known.Value.End));
    }
}
