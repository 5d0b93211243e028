using Garam.Broker.Log;
using Garam.Broker.Topics;
using Garam.Kafka;
using Garam.Kafka.Messages;
using static Garam.Kafka.Messages.DescribeLogDirsResponse;

namespace Garam.Broker.Apis;

/// <summary>How large the partitions are, and how full the disk is that they lie on.</summary>
internal sealed class DescribeLogDirsApi(BrokerServices broker) : Api<DescribeLogDirsRequest, DescribeLogDirsResponse>(ApiKey.DescribeLogDirs, 1, 5)
{
    protected override ValueTask<DescribeLogDirsResponse?> HandleAsync(DescribeLogDirsRequest request, RequestContext context)
    {
        var disk = new DriveInfo(broker.Logs.DataDirectory);
        var topics = request.Topics is null
            ? broker.Topics.All.Select(topic => Describe(topic, topic.Partitions))
            : request.Topics.DistinctBy(topic => topic.Topic).Select(Describe).OfType<DescribeLogDirsTopic>();
        return new(new DescribeLogDirsResponse
        {
            Results =
            [
                new DescribeLogDirsResult
                {
                    LogDir = broker.Logs.DataDirectory,
                    Topics = [.. topics],
                    TotalBytes = disk.TotalSize,
                    UsableBytes = disk.AvailableFreeSpace,
                },
            ],
        });
    }

    /// <summary>Null when nothing of what is asked for is there.</summary>
    private DescribeLogDirsTopic? Describe(DescribeLogDirsRequest.DescribableLogDirTopic asked)
    {
        var topic = broker.Topics.Find(asked.Topic);
        var logs = asked.Partitions.Distinct().Select(partition => topic?.Partition(partition)).OfType<PartitionLog>().ToList();
        return logs.Count == 0 ? null : Describe(topic!, logs);
    }

    private static DescribeLogDirsTopic Describe(Topic topic, IEnumerable<PartitionLog> logs) => new()
    {
        Name = topic.Name,
        Partitions = [.. logs.Select(log => new DescribeLogDirsPartition { PartitionIndex = log.Name.Partition, PartitionSize = log.SizeInBytes })],
    };
}
