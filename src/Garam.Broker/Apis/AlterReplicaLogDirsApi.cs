using Garam.Broker.Log;
using Garam.Kafka;
using Garam.Kafka.Messages;
using static Garam.Kafka.Messages.AlterReplicaLogDirsResponse;

namespace Garam.Broker.Apis;

/// <summary>Moving partitions between directories: there is one directory, and everything is in it.</summary>
internal sealed class AlterReplicaLogDirsApi(BrokerServices broker)
    : Api<AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse>(ApiKey.AlterReplicaLogDirs, 1, 2)
{
    protected override ValueTask<AlterReplicaLogDirsResponse?> HandleAsync(AlterReplicaLogDirsRequest request, RequestContext context) =>
        new(new AlterReplicaLogDirsResponse
        {
            Results = [.. request.Dirs.SelectMany(directory => directory.Topics, (directory, topic) => new AlterReplicaLogDirTopicResult
            {
                TopicName = topic.Name,
                Partitions = [.. topic.Partitions.Select(partition => new AlterReplicaLogDirPartitionResult
                {
                    PartitionIndex = partition,
                    ErrorCode = Check(directory.Path, new TopicPartition(topic.Name, partition)),
                })],
            })],
        });

    private ErrorCode Check(string directory, TopicPartition partition) =>
        directory != broker.Logs.DataDirectory ? ErrorCode.LogDirNotFound
        : broker.Topics.Find(partition) is null ? ErrorCode.ReplicaNotAvailable
        : ErrorCode.None;
}
