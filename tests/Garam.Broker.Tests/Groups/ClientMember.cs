using System.Collections.Concurrent;
using Confluent.Kafka;

namespace Garam.Broker.Tests.Groups;

/// <summary>A librdkafka consumer that polls on a thread of its own and remembers what happened to it.</summary>
internal sealed class ClientMember : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly HashSet<int> _assigned = [];
    private readonly IConsumer<string, string> _consumer;
    private readonly Task _loop;
    private readonly CommitLedger? _ledger;
    private int _rebalances;
    private IReadOnlyDictionary<int, long>? _promisedBefore;

    /// <param name="ledger">Given: every record is committed before the next is read. The members of one group share it.</param>
    /// <param name="sessionTimeout">Default 6 s, the least that a broker takes.</param>
    public ClientMember(string bootstrapServers, string group, string topic, PartitionAssignmentStrategy strategy, string? instance = null, CommitLedger? ledger = null, TimeSpan? sessionTimeout = null)
    {
        _ledger = ledger;
        _consumer = new ConsumerBuilder<string, string>(new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = group,
            GroupInstanceId = instance,
            PartitionAssignmentStrategy = strategy,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            SessionTimeoutMs = (int)(sessionTimeout ?? TimeSpan.FromSeconds(6)).TotalMilliseconds,
            HeartbeatIntervalMs = 300,
            TopicMetadataRefreshIntervalMs = 500,
            ReconnectBackoffMs = 20,
            ReconnectBackoffMaxMs = 200,
        }).SetPartitionsAssignedHandler((_, partitions) => Begin(partitions))
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

    // Called before the positions are asked for, on the thread that polls.
    private void Begin(List<TopicPartition> partitions)
    {
        _promisedBefore = _ledger?.Promised;
        Change(partitions, _assigned.UnionWith);
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
                    _ledger?.Handling(record, _promisedBefore!);
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
        if (_ledger is not null)
        {
            _consumer.Commit(record);
            _ledger.Committed(record);
        }
    }
}

/// <summary>What the broker has acknowledged to the members of one group, and where it was then forgotten.</summary>
internal sealed class CommitLedger
{
    private readonly ConcurrentDictionary<int, long> _promised = new();

    /// <summary>Per partition, the furthest offset whose commit was acknowledged.</summary>
    public IReadOnlyDictionary<int, long> Promised => _promised.ToDictionary();

    /// <summary>Records that somebody was given although a commit beyond them had been acknowledged before the partition was assigned.</summary>
    public ConcurrentQueue<string> GivenAgain { get; } = new();

    /// <param name="record">What is handled now.</param>
    /// <param name="before"><see cref="Promised"/> when the assignment began. What was committed since may come again: librdkafka can give a record out of an
    /// older fetch, have it committed, and only then go back to the position that it had asked for before.</param>
    public void Handling(ConsumeResult<string, string> record, IReadOnlyDictionary<int, long> before)
    {
        if (before.TryGetValue(record.Partition.Value, out var committed) && record.Offset.Value < committed)
        {
            GivenAgain.Enqueue($"{record.Partition.Value}@{record.Offset.Value} after a commit of {committed}");
        }
    }

    public void Committed(ConsumeResult<string, string> record) =>
        _promised.AddOrUpdate(record.Partition.Value, record.Offset.Value + 1, (_, before) => Math.Max(before, record.Offset.Value + 1));
}
