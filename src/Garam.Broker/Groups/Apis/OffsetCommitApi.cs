using System.Text;
using Garam.Broker.Apis;
using Garam.Broker.Log;
using Garam.Broker.Topics;
using Garam.Kafka;
using Garam.Kafka.Messages;
using static Garam.Kafka.Messages.OffsetCommitRequest;
using static Garam.Kafka.Messages.OffsetCommitResponse;

namespace Garam.Broker.Groups.Apis;

/// <summary>Keeps how far a group has come; answered when that is durable.</summary>
internal sealed class OffsetCommitApi(GroupCoordinator groups, TopicStore topics, int maxMetadataLength)
    : Api<OffsetCommitRequest, OffsetCommitResponse>(ApiKey.OffsetCommit, 2, 10)
{
    private const int FirstWithGroupNotFound = 9;
    private const int FirstWithTopicIds = 10;

    /// <summary>A hundred years: what a client asks for beyond that has no date.</summary>
    private const long LongestRetentionMs = 100L * 365 * 24 * 60 * 60 * 1000;

    protected override async ValueTask<OffsetCommitResponse?> HandleAsync(OffsetCommitRequest request, RequestContext context)
    {
        var commits = new List<PartitionCommit>();
        var accepted = new List<OffsetCommitResponsePartition>();
        var response = new OffsetCommitResponse();
        foreach (var topic in request.Topics)
        {
            response.Topics.Add(Read(topic, request, context.Version, commits, accepted));
        }

        if (commits.Count > 0)
        {
            var commit = new CommitAttempt(request.MemberId, request.GroupInstanceId, request.GenerationIdOrMemberEpoch, commits);
            var error = await groups.CommitAsync(request.GroupId, commit).ConfigureAwait(false);
            accepted.ForEach(partition => partition.ErrorCode = ForVersion(error, context.Version));
        }

        return response;
    }

    private OffsetCommitResponseTopic Read(
        OffsetCommitRequestTopic asked, OffsetCommitRequest request, short version, List<PartitionCommit> commits, List<OffsetCommitResponsePartition> accepted)
    {
        var topic = topics.Find(asked.Name, asked.TopicId);
        var answer = new OffsetCommitResponseTopic { Name = asked.Name, TopicId = asked.TopicId };
        foreach (var partition in asked.Partitions)
        {
            var result = new OffsetCommitResponsePartition { PartitionIndex = partition.PartitionIndex };
            answer.Partitions.Add(result);
            result.ErrorCode = Check(topic, partition, version);
            if (result.ErrorCode == ErrorCode.None)
            {
                accepted.Add(result);
                commits.Add(new PartitionCommit(
                    new TopicPartition(topic!.Name, partition.PartitionIndex), topic.Id, partition.CommittedOffset, partition.CommittedLeaderEpoch,
                    partition.CommittedMetadata ?? "", request.RetentionTimeMs >= 0 ? TimeSpan.FromMilliseconds(Math.Min(request.RetentionTimeMs, LongestRetentionMs)) : null));
            }
        }

        return answer;
    }

    private ErrorCode Check(Topic? topic, OffsetCommitRequestPartition partition, short version)
    {
        if (topic is null && version >= FirstWithTopicIds)
        {
            return ErrorCode.UnknownTopicId;
        }

        if (topic?.Partition(partition.PartitionIndex) is null)
        {
            return ErrorCode.UnknownTopicOrPartition;
        }

        var metadata = partition.CommittedMetadata ?? "";
        return metadata.Length > maxMetadataLength || Encoding.UTF8.GetByteCount(metadata) > short.MaxValue ? ErrorCode.OffsetMetadataTooLarge : ErrorCode.None;
    }

    private static ErrorCode ForVersion(ErrorCode error, short version) =>
        error == ErrorCode.GroupIdNotFound && version < FirstWithGroupNotFound ? ErrorCode.IllegalGeneration : error;
}
