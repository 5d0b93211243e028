using Garam.Broker.Log;
using Garam.Kafka;
using Garam.Kafka.Messages;
using static Garam.Kafka.Messages.ListOffsetsResponse;

namespace Garam.Broker.Apis;

/// <summary>Finds offsets by time, and the ends of partitions.</summary>
internal sealed class ListOffsetsApi(BrokerServices broker) : Api<ListOffsetsRequest, ListOffsetsResponse>(ApiKey.ListOffsets, 1, 11)
{
    private const long Latest = -1, Earliest = -2, MaxTimestamp = -3, EarliestLocal = -4, LatestTiered = -5, EarliestPendingUpload = -6;

    protected override ValueTask<ListOffsetsResponse?> HandleAsync(ListOffsetsRequest request, RequestContext context)
    {
        var isolation = request.IsolationLevel == (sbyte)IsolationLevel.ReadCommitted ? IsolationLevel.ReadCommitted : IsolationLevel.ReadUncommitted;
        return new(new ListOffsetsResponse
        {
            Topics = [.. request.Topics.Select(topic => new ListOffsetsTopicResponse
            {
                Name = topic.Name,
                Partitions = [.. topic.Partitions.Select(partition => Find(topic.Name, partition, isolation, context.Version))],
            })],
        });
    }

    private ListOffsetsPartitionResponse Find(string topic, ListOffsetsRequest.ListOffsetsPartition asked, IsolationLevel isolation, short version)
    {
        var answer = new ListOffsetsPartitionResponse { PartitionIndex = asked.PartitionIndex };
        var log = broker.Topics.Find(new TopicPartition(topic, asked.PartitionIndex));
        answer.ErrorCode = asked.Timestamp < OldestMeaning(version) ? ErrorCode.UnsupportedVersion
            : log is null ? ErrorCode.UnknownTopicOrPartition
            : LeaderEpochs.Check(log, asked.CurrentLeaderEpoch);
        try
        {
            if (answer.ErrorCode == ErrorCode.None && Find(log!, asked.Timestamp, isolation) is { } found)
            {
                (answer.Offset, answer.Timestamp, answer.LeaderEpoch) = (found.Offset, found.Timestamp, found.LeaderEpoch);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            answer.ErrorCode = log!.Unreadable(failure);
        }
        return answer;
    }

    /// <summary>Null where there is no such record: offset -1 and no error. The epoch is that of the record found, not the present one.</summary>
    private static OffsetAndTimestamp? Find(PartitionLog log, long timestamp, IsolationLevel isolation) => timestamp switch
    {
        Latest => End(log, isolation == IsolationLevel.ReadCommitted ? log.LastStableOffset : log.HighWatermark),
        Earliest or EarliestLocal => End(log, log.LogStartOffset),
        MaxTimestamp => log.FindMaxTimestamp(),
        // Nothing is tiered, so nothing is tiered latest, and nothing waits to be.
        LatestTiered or EarliestPendingUpload => null,
        _ => log.FindOffsetByTimestamp(timestamp, isolation),
    };

    private static OffsetAndTimestamp End(PartitionLog log, long offset) => new(offset, -1, log.EpochOf(offset));

    /// <summary>The negative timestamps that have a meaning grew with the versions.</summary>
    private static long OldestMeaning(short version) => version switch
    {
        < 7 => Earliest,
        7 => MaxTimestamp,
        8 => EarliestLocal,
        9 or 10 => LatestTiered,
        _ => EarliestPendingUpload,
    };
}
