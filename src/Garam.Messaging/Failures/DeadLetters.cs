using System.Globalization;
using Confluent.Kafka;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Producing;
using Garam.Messaging.Telemetry;
using Garam.Messaging.Topics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Messaging.Failures;

/// <summary>Writes what a group could not handle to its dead-letter topics.</summary>
/// <param name="producer">A producer of their own, which compresses: see <see cref="ClientConfiguration.ForDeadLetters"/>.</param>
/// <param name="admin">Creates the topics.</param>
/// <param name="time">Dates the letters.</param>
/// <param name="logger">Hears of letters that do not hold all of their records.</param>
internal sealed class DeadLetters(IRecordProducer producer, TopicAdmin admin, TimeProvider time, ILogger<DeadLetters>? logger = null)
{
    /// <summary>The key of their producer among the services.</summary>
    public const string ProducerKey = "Garam.Messaging.DeadLetters";

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
        try
        {
            await WriteFittingAsync(new DeadLetter(endpoint, record, reason, time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        }
        catch (ProduceFailedException exception) when (IsMissing(exception.Code))
        {
            // Somebody deleted it, or the source has grown. The next try finds it.
            await EnsureTopicAsync(endpoint, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Better a letter that says less than a partition that is held. The record may be larger here than in its source, which its producer may have
    /// compressed better than we do, and the topic may have been created by others.
    /// </summary>
    private async Task WriteFittingAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        if (await TryWriteAsync(letter.Whole, cancellationToken).ConfigureAwait(false) || await TryWriteAsync(letter.WithoutStack, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        if (await admin.TryRaiseMaxMessageBytesAsync(letter.Topic, letter.Bytes + RoomForHeaders, cancellationToken).ConfigureAwait(false))
        {
            // Where the leader has not heard of it yet, this fails, and the next try of the record succeeds.
            await ProduceAsync(letter.WithoutStack, cancellationToken).ConfigureAwait(false);
            return;
        }

        await ProduceAsync(letter.WithoutValue, cancellationToken).ConfigureAwait(false);
        Log.DeadLetterWithoutValue(logger ?? NullLogger<DeadLetters>.Instance, letter.Topic, letter.Bytes);
    }

    private async Task<bool> TryWriteAsync(ProducerRecord letter, CancellationToken cancellationToken)
    {
        try
        {
            await ProduceAsync(letter, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (ProduceFailedException exception) when (IsTooLarge(exception.Code))
        {
            return false;
        }
    }

    private async Task ProduceAsync(ProducerRecord letter, CancellationToken cancellationToken)
    {
        try
        {
            await producer.ProduceAsync(letter, cancellationToken).ConfigureAwait(false);
        }
        catch (ProduceFailedException exception) when (exception.Code == nameof(ErrorCode.InvalidTimestamp))
        {
            // The source took a time that this topic does not: the letter has its own, and says what the record's was.
            await producer.ProduceAsync(DeadLetter.WithTimeInHeader(letter), cancellationToken).ConfigureAwait(false);
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

    private static bool IsTooLarge(string code) => code is nameof(ErrorCode.MsgSizeTooLarge) or nameof(ErrorCode.RecordListTooLarge);

    private static bool IsMissing(string code) =>
        code is nameof(ErrorCode.Local_UnknownPartition) or nameof(ErrorCode.Local_UnknownTopic) or nameof(ErrorCode.UnknownTopicOrPart);
}
