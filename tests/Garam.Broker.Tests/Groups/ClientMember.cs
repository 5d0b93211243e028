using System.Collections.Concurrent;
using Confluent.Kafka;
using Garam.Messaging.Native;

namespace Garam.Broker.Tests.Groups;

/// <summary>A librdkafka consumer that polls on a thread of its own and remembers what happened to it.</summary>
internal sealed class ClientMember : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly HashSet<int> _assigned = [];
    private readonly IConsumer<string, string> _consumer;
    private readonly Task _loop;
    private readonly bool _commitsEach;
    private int _rebalances;

    public ClientMember(string bootstrapServers, string group, string topic, PartitionAssignmentStrategy strategy, string? instance = null, bool commitsEach = false)
    {
        KafkaLibrary.EnsureLoaded();
        _commitsEach = commitsEach;
        _consumer = new ConsumerBuilder<string, string>(new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = group,
            GroupInstanceId = instance,
            PartitionAssignmentStrategy = strategy,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            SessionTimeoutMs = 6_000,
            HeartbeatIntervalMs = 300,
            TopicMetadataRefreshIntervalMs = 500,
            ReconnectBackoffMs = 20,
            ReconnectBackoffMaxMs = 200,
        }).SetPartitionsAssignedHandler((_, partitions) => Change(partitions, _assigned.UnionWith))
            .SetPartitionsRevokedHandler((_, partitions) => Change([.. partitions.Select(partition => partition.TopicPartition)], _assigned.ExceptWith))
            .SetPartitionsLostHandler((_, partitions) => Change([.. partitions.Select(partition => partition.TopicPartition)], _assigned.ExceptWith))
            .SetErrorHandler((_, _) => { })
            .SetLogHandler((_, _) => { })
            .Build();
        _consumer.Subscribe(topic);
        _loop = Task.Factory.StartNew(Poll, TaskCreationOptions.LongRunning);
    }

    public string MemberId => _consumer.MemberId;

    public ConcurrentQueue<string> Values { get; } = new();

    /// <summary>How often partitions were given or taken.</summary>
    public int Rebalances => Volatile.Read(ref _rebalances);

    public IReadOnlyList<int> Assigned
    {
        get
        {
            lock (_lock)
            {
                return [.. _assigned.Order()];
            }
        }
    }

    /// <summary>Leaves the group as a well-behaved client does (static members do not).</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        await Task.Run(() =>
        {
            _consumer.Close();
            _consumer.Dispose();
        });
        _stop.Dispose();
    }

    private void Change(List<TopicPartition> partitions, Action<IEnumerable<int>> change)
    {
        lock (_lock)
        {
            change(partitions.Select(partition => partition.Partition.Value));
        }

        Interlocked.Increment(ref _rebalances);
    }

    private void Poll()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (_consumer.Consume(TimeSpan.FromMilliseconds(50)) is { } record)
                {
                    Values.Enqueue(record.Message.Value);
                    Commit(record);
                }
            }
            catch (KafkaException exception) when (!exception.Error.IsFatal)
            {
                // The broker is away or the group is moving: the client tries again by itself.
            }
        }
    }

    private void Commit(ConsumeResult<string, string> record)
    {
        if (_commitsEach)
        {
            _consumer.Commit(record);
        }
    }
}
