using System.Globalization;
using Confluent.Kafka;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Producing;
using Garam.Messaging.Topics;

namespace Garam.Messaging.Failures;

/// <summary>Writes what a group could not handle to its dead-letter topics.</summary>
internal sealed class DeadLetters(IRecordProducer producer, TopicAdmin admin, TimeProvider time)
{
    private const int RoomForHeaders = 64 * 1024;

    /// <summary>
    /// Makes the dead-letter topic as wide as its source, so that a record keeps its partition, and a re-drive the order of its keys.
    /// </summary>
    public async Task EnsureTopicAsync(TopicEndpoint endpoint, CancellationToken cancellationToken)
    {
        var (source, letters) = (endpoint.Topic, endpoint.DeadLetterTopic);
        var counts = await admin.PartitionCountsAsync([source, letters], cancellationToken).ConfigureAwait(false);
        if (!counts.TryGetValue(source, out var partitions))
        {
            return;
        }

        if (!counts.ContainsKey(letters))
        {
            var configs = await ConfigsAsync(source, cancellationToken).ConfigureAwait(false);
            await admin.EnsureTopicsAsync([new TopicDefinition(letters, partitions, configs)], cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await admin.EnsurePartitionsAsync(letters, partitions, cancellationToken).ConfigureAwait(false);
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
            catch (ProduceFailedException exception) when (exception.Code == nameof(ErrorCode.InvalidTimestamp))
            {
                // The source took a time that this topic does not: the letter has its own, and says what the record's was.
                await producer.ProduceAsync(WithTimeInHeader(Letter(endpoint, record, reason, at, withStack: true)), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (ProduceFailedException exception) when (IsMissing(exception.Code))
        {
            // Somebody deleted it, or the source has grown. The next try finds it.
            await EnsureTopicAsync(endpoint, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Retention by time, a week by default, would be the silent loss that dead letters are there to prevent; compaction would take all of a key but
    /// the last. What the source could hold must fit with what is said about it.
    /// </summary>
    private async Task<IReadOnlyDictionary<string, string>> ConfigsAsync(string source, CancellationToken cancellationToken)
    {
        var configs = new Dictionary<string, string> { ["cleanup.policy"] = "delete", ["retention.ms"] = "-1", ["retention.bytes"] = "-1" };
        if (await admin.MaxMessageBytesAsync(source, cancellationToken).ConfigureAwait(false) is { } bytes)
        {
            configs["max.message.bytes"] = Math.Min(bytes + (long)RoomForHeaders, int.MaxValue).ToString(CultureInfo.InvariantCulture);
        }

        return configs;
    }

    private static ProducerRecord Letter(TopicEndpoint endpoint, RecordContext record, Exception reason, DateTimeOffset at, bool withStack) =>
        new(endpoint.DeadLetterTopic, record.Key, record.Value)
        {
            Partition = record.Partition,
            TimestampMilliseconds = record.TimestampMilliseconds,
            Headers = [.. record.Headers, .. DeadLetterHeaders.For(record, reason, at, withStack)],
        };

    private static ProducerRecord WithTimeInHeader(ProducerRecord letter) => letter with
    {
        TimestampMilliseconds = null,
        Headers = [.. letter.Headers, RecordHeader.Text(DeadLetterHeaders.Timestamp, letter.TimestampMilliseconds!.Value.ToString(CultureInfo.InvariantCulture))],
    };

    private static bool IsTooLarge(string code) => code is nameof(ErrorCode.MsgSizeTooLarge) or nameof(ErrorCode.RecordListTooLarge);

    private static bool IsMissing(string code) =>
        code is nameof(ErrorCode.Local_UnknownPartition) or nameof(ErrorCode.Local_UnknownTopic) or nameof(ErrorCode.UnknownTopicOrPart);
}
