using Garam.Broker.Log;
using Garam.Kafka;
using Garam.Kafka.Messages;
using static Garam.Kafka.Messages.OffsetForLeaderEpochResponse;
using EpochEndOffset = Garam.Kafka.Messages.OffsetForLeaderEpochResponse.EpochEndOffset;

namespace Garam.Broker.Apis;

/// <summary>Where a leader epoch ended: consumers learn from it that the log behind them was cut (KIP-320).</summary>
internal sealed class OffsetForLeaderEpochApi(BrokerServices broker)
    : Api<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>(ApiKey.OffsetForLeaderEpoch, 2, 4)
{
    protected override ValueTask<OffsetForLeaderEpochResponse?> HandleAsync(OffsetForLeaderEpochRequest request, RequestContext context) =>
        new(new OffsetForLeaderEpochResponse
        {
            Topics = [.. request.Topics.Select(topic => new OffsetForLeaderTopicResult
            {
                Topic = topic.Topic,
                Partitions = [.. topic.Partitions.Select(partition => Find(topic.Topic, partition))],
            })],
        });

    private EpochEndOffset Find(string topic, OffsetForLeaderEpochRequest.OffsetForLeaderPartition asked)
    {
        var answer = new EpochEndOffset { Partition = asked.Partition };
        if (broker.Topics.Find(new TopicPartition(topic, asked.Partition)) is not { } log)
        {
            answer.ErrorCode = ErrorCode.UnknownTopicOrPartition;
            return answer;
        }
        answer.ErrorCode = LeaderEpochs.Check(log, asked.CurrentLeaderEpoch);
        if (answer.ErrorCode != ErrorCode.None) return answer;
        var end = log.EndOffsetForEpoch(asked.LeaderEpoch);
        answer.LeaderEpoch = end.LeaderEpoch;
        answer.EndOffset = end.EndOffset;
        return answer;
    }
}
