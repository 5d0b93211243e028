using System.Collections.Concurrent;
using System.Text;
using Confluent.Kafka;
using Garam.Messaging.Consuming;

namespace Garam.Messaging.Tests.Consuming;

/// <summary>A group member's end of the wire that does what the test says, and remembers what the code under test asked for.</summary>
internal sealed class ScriptedTransport : IGroupTransport
{
    private readonly Queue<Action> _next = new();
    private readonly List<ConsumeResult<byte[]?, byte[]?>> _records = [];
    private readonly ConcurrentDictionary<TopicPartition, Loss> _lost = new();
    private IAssignmentListener? _listener;

    /// <summary>Pauses and resumes in the order in which they were asked for.</summary>
    public List<string> Calls { get; } = [];

    public ConcurrentQueue<TopicPartitionOffset> Commits { get; } = new();

    /// <summary>Commits for partitions that had a new owner already, by a member that had been told.</summary>
    public ConcurrentQueue<TopicPartitionOffset> ForeignCommits { get; } = new();

    /// <summary>
    /// Commits for lost partitions while the member was being told. One that it had begun a moment before may be among them, and does no harm: the broker
    /// refuses the old generation. What it must not do is come later, when the partition may be back.
    /// </summary>
    public ConcurrentQueue<TopicPartitionOffset> LateCommits { get; } = new();

    /// <summary>Thrown by the next commits.</summary>
    public Error? CommitError { get; set; }

    /// <summary>Called at the beginning of each poll with its time-out.</summary>
    public Action<TimeSpan> OnPoll { get; set; } = _ => { };

    /// <summary>Called at the beginning of each commit.</summary>
    public Action OnCommit { get; set; } = () => { };

    /// <summary>Called when the group is to be left.</summary>
    public Action OnClose { get; set; } = () => { };

    public bool IsSubscribed => Volatile.Read(ref _listener) is not null;

    public bool IsClosed { get; private set; }

    public void Assign(params TopicPartition[] partitions) => _next.Enqueue(() => _listener!.Assigned(partitions));

    /// <summary>Assigns, and looks up where to start at that moment, as a client does. What was fetched before for it is dropped.</summary>
    public void Assigning(TopicPartition partition, Action start) => _next.Enqueue(() =>
    {
        start();
        _lost.TryRemove(partition, out _);
        _listener!.Assigned([partition]);
    });

    public bool IsPaused(int partition) => Calls.FindLast(call => call.EndsWith($" {partition}", StringComparison.Ordinal)) == $"pause {partition}";

    public void Revoke(params TopicPartition[] partitions) => _next.Enqueue(() => TakeAway(partitions, _listener!.Revoked));

    public void Lose(params TopicPartition[] partitions) => _next.Enqueue(() =>
    {
        Array.ForEach(partitions, partition => _lost[partition] = Loss.BeingTold);
        TakeAway(partitions, _listener!.Lost);
        Array.ForEach(partitions, partition => _lost[partition] = Loss.Told);
    });

    public void Fail(Error error) => _next.Enqueue(() => throw new KafkaException(error));

    public void Deliver(TopicPartition partition, long offset, string? key = null, string? value = "x", long milliseconds = 1) => _records.Add(new()
    {
        TopicPartitionOffset = new(partition, offset),
        Message = new()
        {
            Key = key is null ? null : Encoding.UTF8.GetBytes(key),
            Value = value is null ? null : Encoding.UTF8.GetBytes(value),
            Timestamp = new Timestamp(milliseconds, TimestampType.CreateTime),
        },
    });

    public void Subscribe(IReadOnlyCollection<string> topics, IAssignmentListener listener) => _listener = listener;

    public ConsumeResult<byte[]?, byte[]?>? Poll(TimeSpan timeout)
    {
        OnPoll(timeout);
        if (_next.TryDequeue(out var action))
        {
            action();
            return null;
        }

        var next = _records.FirstOrDefault();
        _records.Remove(next!);
        return next;
    }

    public void Pause(TopicPartition partition) => Calls.Add($"pause {partition.Partition.Value}");

    public void Resume(TopicPartition partition) => Calls.Add($"resume {partition.Partition.Value}");

    public void Commit(IReadOnlyCollection<TopicPartitionOffset> offsets)
    {
        OnCommit();
        if (CommitError is { } error)
        {
            throw new KafkaException(error);
        }

        foreach (var offset in offsets)
        {
            var fate = !_lost.TryGetValue(offset.TopicPartition, out var loss) ? Commits : loss == Loss.Told ? ForeignCommits : LateCommits;
            fate.Enqueue(offset);
        }
    }

    public long EndOffset(TopicPartition partition) => 1_000;

    public void Close()
    {
        OnClose();
        IsClosed = true;
    }

    public void Dispose()
    {
    }

    private enum Loss
    {
        BeingTold,
        Told,
    }

    private void TakeAway(TopicPartition[] partitions, Action<IReadOnlyList<TopicPartition>> tell)
    {
        tell(partitions);
        _records.RemoveAll(record => partitions.Contains(record.TopicPartition));
    }
}
