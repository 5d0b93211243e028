using System.Diagnostics.CodeAnalysis;
using Confluent.Kafka;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Producing;
using Garam.Messaging.Telemetry;
using Microsoft.Extensions.Logging;

namespace Garam.Messaging.Consuming;

/// <summary>
/// The poll loop of one consumer group: reads records, hands them to their partition's lanes, pauses and resumes, commits, and
/// follows the group's rebalances. Runs on one thread of its own, which never waits for a handler but while it gives partitions back.
/// <code>
///   Poll ──► assignment of the partition ──► lane ──► handler (pool threads)
///    ▲             │ tracker                             │
///    └── pause ◄───┴── head, commit ◄──── IsDone ◄───────┘
/// </code>
/// </summary>
internal sealed class GroupMember : IAssignmentListener
{
    // How soon a finished record is noticed when no new one comes: the client has no way to wake a poll.
    private static readonly TimeSpan PollWhileBusy = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan PollWhileIdle = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LookAroundEvery = TimeSpan.FromMilliseconds(10);

    private readonly IGroupTransport _transport;
    private readonly IReadOnlyDictionary<string, RecordProcessor> _processors;
    private readonly MessagingOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _group;
    private readonly OffsetCommitter _committer;
    private readonly Dictionary<TopicPartition, PartitionAssignment> _assignments = [];
    private readonly HashSet<TopicPartition> _paused = [];
    private readonly HashSet<TopicPartition> _overfull = [];
    private long _turned;
    private long _lookedAround;
    private long _committed;
    private bool _busy;
    private bool _stopping;
    private bool _leaving;
    private volatile PartitionAssignment[] _snapshot = [];

    public GroupMember(
        string group, IGroupTransport transport, IReadOnlyDictionary<string, RecordProcessor> processors, MessagingOptions options, TimeProvider time, ILogger logger)
    {
        (_group, _transport, _processors, _options, _time, _logger) = (group, transport, processors, options, time, logger);
        _committer = new OffsetCommitter(transport, group, logger);
        _turned = _lookedAround = _committed = time.GetTimestamp();
        Membership = new Membership(time);
    }

    /// <summary>What this member owns, for health and metrics. Any thread.</summary>
    public IReadOnlyList<PartitionAssignment> Assignments => _snapshot;

    public Membership Membership { get; }

    /// <summary>How long ago the poll thread began its turn; long means that something blocks it. Any thread.</summary>
    public TimeSpan SinceLastTurn => _time.GetElapsedTime(Volatile.Read(ref _turned));

    /// <summary>Takes part in the group until <paramref name="stopping"/>, then drains, commits and leaves.</summary>
    /// <exception cref="KafkaException">The consumer has failed for good.</exception>
    public void Run(CancellationToken stopping)
    {
        _transport.Subscribe([.. _processors.Keys], this);
        while (!stopping.IsCancellationRequested)
        {
            Step();
        }

        DrainAll();
        _leaving = true;
        _transport.Close();
    }

    /// <summary>Ends all assignments without another word to the group.</summary>
    public void Abandon() => Owned([.. _assignments.Keys]).ForEach(assignment => Forget(assignment.Partition));

    /// <summary>One turn of the loop.</summary>
    internal void Step()
    {
        if (TryPoll(out var result))
        {
            Accept(result);
        }

        var now = _time.GetTimestamp();
        Volatile.Write(ref _turned, now);
        if (_time.GetElapsedTime(_lookedAround, now) >= LookAroundEvery)
        {
            _lookedAround = now;
            LookAround();
        }
    }

    void IAssignmentListener.Assigned(IReadOnlyList<TopicPartition> partitions)
    {
        Log.Assigned(_logger, _group, string.Join(", ", partitions));
        Membership.Assigned();
        foreach (var partition in partitions)
        {
            Forget(partition);
            var assignment = _assignments[partition] = new PartitionAssignment(partition, _processors[partition.Topic], _time);
            if (_stopping)
            {
                assignment.BeginDrain();
            }
        }

        _snapshot = [.. _assignments.Values];
    }

    void IAssignmentListener.Revoked(IReadOnlyList<TopicPartition> partitions)
    {
        var revoked = Owned(partitions);
        if (!_leaving)
        {
            Drain(revoked, WaitBlocking);
            _committer.Finish(revoked);
        }

        revoked.ForEach(assignment => Forget(assignment.Partition));
        Log.Revoked(_logger, _group, string.Join(", ", partitions));
    }

    // No drain and no commit: both would reach into what the next owner does by now.
    void IAssignmentListener.Lost(IReadOnlyList<TopicPartition> partitions)
    {
        Log.Lost(_logger, _group, string.Join(", ", partitions));
        Membership.Lost();
        Owned(partitions).ForEach(assignment => Forget(assignment.Partition));
        _committer.Settle();
    }

    private bool TryPoll([NotNullWhen(true)] out ConsumeResult<byte[]?, byte[]?>? result)
    {
        try
        {
            result = _transport.Poll(_busy ? PollWhileBusy : PollWhileIdle);
            return result is not null;
        }
        catch (KafkaException exception) when (!exception.Error.IsFatal)
        {
            // The client goes on by itself (a broker away, a topic deleted, the poll interval exceeded).
            Membership.Failed(exception.Error);
            Log.ConsumeError(_logger, _group, exception.Error.Code.ToString(), exception.Error.Reason);
            result = null;
            return false;
        }
    }

    private void Accept(ConsumeResult<byte[]?, byte[]?> result)
    {
        // A record of a partition that is being drained is dropped: uncommitted, the next owner reads it.
        if (!_assignments.TryGetValue(result.TopicPartition, out var assignment))
        {
            return;
        }

        _busy = true;
        assignment.Dispatch(new InFlightRecord(ToContext(result, assignment.Partition)));
        if (IsOver(assignment.Tracker, 1))
        {
            assignment.Tracker.Advance();
            ApplyPauses(assignment);
        }
    }

    private RecordContext ToContext(ConsumeResult<byte[]?, byte[]?> result, TopicPartition partition)
    {
        var message = result.Message;
        return new RecordContext
        {
            Group = _group,
            Topic = partition.Topic,
            Partition = partition.Partition.Value,
            Offset = result.Offset.Value,
            Timestamp = new DateTimeOffset(message.Timestamp.UtcDateTime),
            Key = RecordBytes.OrNull(message.Key),
            Value = RecordBytes.OrNull(message.Value),
            Headers = message.Headers is { Count: > 0 } headers ? [.. headers.Select(ToHeader)] : [],
        };
    }

    private static RecordHeader ToHeader(IHeader header) =>
        new(header.Key, RecordBytes.OrNull(header.GetValueBytes()));

    private void LookAround()
    {
        foreach (var assignment in _snapshot)
        {
            assignment.Tracker.Advance();
            ApplyPauses(assignment);
        }

        _busy = _snapshot.Any(assignment => assignment.Tracker.Count > 0);
        if (_time.GetElapsedTime(_committed) >= _options.CommitInterval)
        {
            _committed = _time.GetTimestamp();
            _committer.Begin(_snapshot);
            MeasureLag();
        }
    }

    /// <summary>
    /// Tells the client what the set of reasons says now. What the client was told is kept by partition and not by assignment: a pause
    /// outlives a rebalance there, and a new assignment must be read.
    /// </summary>
    private void ApplyPauses(PartitionAssignment assignment)
    {
        var partition = assignment.Partition;
        assignment.Paused = Reasons(assignment);
        var wanted = assignment.Paused != PauseReasons.None;
        if (wanted && _paused.Add(partition))
        {
            _transport.Pause(partition);
        }
        else if (!wanted && _paused.Remove(partition))
        {
            _transport.Resume(partition);
        }
    }

    private PauseReasons Reasons(PartitionAssignment assignment)
    {
        // Paused at the mark, resumed at half of it: each pause throws away what the client has read ahead.
        if (IsOver(assignment.Tracker, 1))
        {
            _overfull.Add(assignment.Partition);
        }
        else if (!IsOver(assignment.Tracker, 2))
        {
            _overfull.Remove(assignment.Partition);
        }

        return (_overfull.Contains(assignment.Partition) ? PauseReasons.BackPressure : 0)
            | (assignment.HeldBecause is not null ? PauseReasons.Held : 0)
            | (assignment.IsDraining ? PauseReasons.Stopping : 0);
    }

    private bool IsOver(OffsetTracker tracker, int part) =>
        tracker.Count >= Math.Max(1, _options.MaxInFlight / part) || tracker.Bytes >= _options.MaxInFlightBytes / part;

    private void MeasureLag()
    {
        foreach (var assignment in _snapshot)
        {
            // The end is unknown for moments, after a pause too: the last lag is nearer to the truth than none.
            if (_transport.EndOffset(assignment.Partition) is >= 0 and var end && assignment.Tracker.Position is { } position)
            {
                assignment.Lag = Math.Max(0, end - position);
            }
        }
    }

    /// <summary>The host stops: waits for running handlers, but goes on polling, so that the group sees a living member.</summary>
    private void DrainAll()
    {
        _stopping = true;
        var all = Owned([.. _assignments.Keys]);
        Drain(all, (assignment, left) =>
        {
            var started = _time.GetTimestamp();
            while (!assignment.IsIdle && _time.GetElapsedTime(started) < left)
            {
                Step();
            }
        });
        _committer.Finish(all.Where(assignment => _assignments.ContainsValue(assignment)));
    }

    private static void WaitBlocking(PartitionAssignment assignment, TimeSpan left) => assignment.WaitIdle(left);

    private void Drain(List<PartitionAssignment> assignments, Action<PartitionAssignment, TimeSpan> wait)
    {
        assignments.ForEach(assignment => assignment.BeginDrain());
        var started = _time.GetTimestamp();
        foreach (var assignment in assignments)
        {
            wait(assignment, _options.DrainTimeout - _time.GetElapsedTime(started));
            if (!assignment.IsIdle)
            {
                Log.DrainIncomplete(_logger, assignment.Partition.Topic, assignment.Partition.Partition.Value, _options.DrainTimeout);
                assignment.Cancel();
            }
        }
    }

    private List<PartitionAssignment> Owned(IReadOnlyList<TopicPartition> partitions) =>
        [.. partitions.Where(_assignments.ContainsKey).Select(partition => _assignments[partition])];

    private void Forget(TopicPartition partition)
    {
        if (_assignments.Remove(partition, out var assignment))
        {
            assignment.Dispose();
            _overfull.Remove(partition);
            _snapshot = [.. _assignments.Values];
        }
    }
}
