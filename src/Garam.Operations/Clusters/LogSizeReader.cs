using Garam.Kafka;
using Garam.Kafka.Messages;
using Garam.Operations.Connections;

namespace Garam.Operations.Clusters;

/// <summary>Asks every broker what its partitions take on its disks. The client library has no call for it.</summary>
internal sealed class LogSizeReader(KafkaConnection kafka)
{
    // The oldest version that Kafka still serves: no disk sizes, which nothing here needs.
    private const short Version = 1;

    /// <param name="topics">Topics with the numbers of their partitions; null: all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationException">No broker answered at all.</exception>
    public async Task<LogSizes> ReadAsync(IReadOnlyDictionary<string, IReadOnlyList<int>>? topics, CancellationToken cancellationToken)
    {
        var brokers = (await kafka.MetadataAsync(cancellationToken)).Brokers;
        if (kafka.SecurityProtocol is { } secured)
        {
            return Unavailable(secured, brokers.Select(broker => broker.BrokerId));
        }

        var answers = await Task.WhenAll(brokers.Select(broker => AskAsync(broker.BrokerId, broker.Host, broker.Port, topics, cancellationToken)));
        return new LogSizes(
            [.. answers.SelectMany(answer => answer.Replicas)],
            answers.Where(answer => answer.Failure is not null).ToDictionary(answer => answer.Broker, answer => answer.Failure!));
    }

    /// <summary>Nothing is known where connections are encrypted or authenticated.</summary>
    internal static LogSizes Unavailable(string protocol, IEnumerable<int> brokers) => new([], brokers.ToDictionary(
        broker => broker, _ => $"they cannot be read over {protocol.ToUpperInvariant()}, because the Kafka client library has no request for them and the one of Garam uses plaintext connections only"));

    private static async Task<(int Broker, IReadOnlyList<ReplicaSize> Replicas, string? Failure)> AskAsync(
        int broker, string host, int port, IReadOnlyDictionary<string, IReadOnlyList<int>>? topics, CancellationToken cancellationToken)
    {
        var request = new DescribeLogDirsRequest
        {
            Topics = topics is null ? null : [.. topics.Select(topic => new DescribeLogDirsRequest.DescribableLogDirTopic { Topic = topic.Key, Partitions = [.. topic.Value] })],
        };
        try
        {
            var answer = await BrokerRequest.SendAsync<DescribeLogDirsRequest, DescribeLogDirsResponse>(host, port, ApiKey.DescribeLogDirs, Version, request, cancellationToken);
            var failed = answer.Results.FirstOrDefault(directory => directory.ErrorCode is not ErrorCode.None);
            return (broker, SizesOf(broker, answer), failed is null ? null : $"the broker answered {failed.ErrorCode} for its log directory {failed.LogDir}");
        }
        catch (OperationException failure)
        {
            return (broker, [], failure.Message);
        }
    }

    // A partition that is being moved to another directory lies in both for the while.
    private static List<ReplicaSize> SizesOf(int broker, DescribeLogDirsResponse answer) =>
    [
        .. from directory in answer.Results
           from topic in directory.Topics
           from partition in topic.Partitions
           group partition.PartitionSize by (topic.Name, partition.PartitionIndex) into copy
           select new ReplicaSize(broker, copy.Key.Name, copy.Key.PartitionIndex, copy.Sum()),
    ];
}
