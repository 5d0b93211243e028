using Confluent.Kafka;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Producing;
using Garam.Messaging.Topics;

namespace Garam.Messaging.Failures;

/// <summary>Writes what a group could not handle to its dead-letter topics.</summary>
internal sealed class DeadLetters(IRecordProducer producer, TopicAdmin admin, TimeProvider time)
{
    /// <summary>
    /// Makes the dead-letter topic as wide as its source, so that a record keeps its partition, and a re-drive the order of its keys.
    /// </summary>
    public async Task EnsureTopicAsync(TopicEndpoint endpoint, CancellationToken cancellationToken)
    {
        var sources = await admin.PartitionCountsAsync([endpoint.Topic], cancellationToken).ConfigureAwait(false);
        if (sources.TryGetValue(endpoint.Topic, out var partitions))
        {
            await admin.EnsurePartitionsAsync(endpoint.DeadLetterTopic, partitions, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Completes when the dead letter is acknowledged: only then may the source's offset move.</summary>
    public async ValueTask WriteAsync(TopicEndpoint endpoint, RecordContext record, Exception reason, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        try
        {
            try
            {
                await producer.ProduceAsync(Letter(endpoint, record, reason, at, withStack: true), cancellationToken).ConfigureAwait(false);
            }
            catch (ProduceFailedException exception) when (IsTooLarge(exception.Code))
            {
                // A record that was nearly as large as its topic allows: better a letter that says less than a partition that is held.
                await producer.ProduceAsync(Letter(endpoint, record, reason, at, withStack: false), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (ProduceFailedException exception) when (IsMissing(exception.Code))
        {
            // Somebody deleted it, or the source has grown. The next try finds it.
            await EnsureTopicAsync(endpoint, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private static ProducerRecord Letter(TopicEndpoint endpoint, RecordContext record, Exception reason, DateTimeOffset at, bool withStack) =>
        new(endpoint.DeadLetterTopic, record.Key, record.Value)
        {
            Partition = record.Partition,
            Timestamp = record.Timestamp,
            Headers = [.. record.Headers, .. DeadLetterHeaders.For(record, reason, at, withStack)],
        };

    private static bool IsTooLarge(string code) => code is nameof(ErrorCode.MsgSizeTooLarge) or nameof(ErrorCode.RecordListTooLarge);

    private static bool IsMissing(string code) =>
        code is nameof(ErrorCode.Local_UnknownPartition) or nameof(ErrorCode.Local_UnknownTopic) or nameof(ErrorCode.UnknownTopicOrPart);
}
