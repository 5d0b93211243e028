using Confluent.Kafka;
using Garam.Operations.Connections;

namespace Garam.Operations.Tests.Groups;

/// <summary>A real member of a group, which reads nothing and commits nothing by itself.</summary>
internal static class Member
{
    /// <summary>Returns when the member owns partitions.</summary>
    public static async Task<IConsumer<Ignore, Ignore>> JoinAsync(KafkaConnection connection, string group, string topic, string clientId, CancellationToken ct)
    {
        var assigned = new TaskCompletionSource();
        var consumer = new ConsumerBuilder<Ignore, Ignore>(connection.Configure(new ConsumerConfig
        {
            ClientId = clientId,
            GroupId = group,
            EnableAutoCommit = false,
            SessionTimeoutMs = 60_000,
        }))
            .SetPartitionsAssignedHandler((_, partitions) =>
            {
                assigned.TrySetResult();
                return partitions.Select(partition => new TopicPartitionOffset(partition, Offset.End));
            })
            .Build();
        consumer.Subscribe(topic);
        await Task.Run(() =>
        {
            while (!assigned.Task.IsCompleted)
                consumer.Consume(TimeSpan.FromMilliseconds(20));
        }, ct).WaitAsync(TimeSpan.FromSeconds(60), ct);
        return consumer;
    }
}
