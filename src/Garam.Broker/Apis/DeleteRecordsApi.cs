using Garam.Broker.Log;
using Garam.Broker.Topics;
using Garam.Kafka;
using Garam.Kafka.Messages;
using static Garam.Kafka.Messages.DeleteRecordsResponse;

namespace Garam.Broker.Apis;

/// <summary>
/// Deletes the records below an offset. Readers cannot see them from then on, and the answer leaves when that is on disk, too; the space is
/// given back with the next round of retention.
/// </summary>
internal sealed class DeleteRecordsApi(BrokerServices broker) : Api<DeleteRecordsRequest, DeleteRecordsResponse>(ApiKey.DeleteRecords, 0, 2)
{
    private const long HighWatermark = -1;

    protected override async ValueTask<DeleteRecordsResponse?> HandleAsync(DeleteRecordsRequest request, RequestContext context)
    {
        var response = new DeleteRecordsResponse
        {
            Topics = [.. request.Topics.Select(topic => new DeleteRecordsTopicResult
            {
                Name = topic.Name,
                Partitions = [.. topic.Partitions.Select(partition => Delete(new TopicPartition(topic.Name, partition.PartitionIndex), partition.Offset))],
            })],
        };
        var deleted = response.Topics.SelectMany(topic => topic.Partitions).Where(partition => partition.ErrorCode == ErrorCode.None).ToList();
        if (deleted.Count > 0 && !await TrySaveAsync().ConfigureAwait(false)) deleted.ForEach(partition => Fail(partition, ErrorCode.KafkaStorageError));
        return response;
    }

    private DeleteRecordsPartitionResult Delete(TopicPartition partition, long offset)
    {
        var result = new DeleteRecordsPartitionResult { PartitionIndex = partition.Partition };
        if (TopicName.IsInternal(partition.Topic)) return Fail(result, ErrorCode.InvalidTopicException);
        if (broker.Topics.Find(partition) is not { } log) return Fail(result, ErrorCode.UnknownTopicOrPartition);
        if (log.Config.CleanupPolicy == CleanupPolicy.Compact) return Fail(result, ErrorCode.PolicyViolation);
        var start = offset == HighWatermark ? log.HighWatermark : offset;
        if (start < 0) return Fail(result, ErrorCode.OffsetOutOfRange);
        var error = log.AdvanceLogStart(start);
        if (error != ErrorCode.None) return Fail(result, error);
        result.LowWatermark = log.LogStartOffset;
        return result;
    }

    private async ValueTask<bool> TrySaveAsync()
    {
        try
        {
            await broker.Logs.SaveLogStartsAsync().ConfigureAwait(false);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static DeleteRecordsPartitionResult Fail(DeleteRecordsPartitionResult result, ErrorCode error)
    {
        (result.ErrorCode, result.LowWatermark) = (error, -1);
        return result;
    }
}
