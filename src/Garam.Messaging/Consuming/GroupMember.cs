using System.Diagnostics.CodeAnalysis;
using Confluent.Kafka;
using Garam.Background;
using Garam.Messaging.Telemetry;
using Microsoft.Extensions.Logging;

namespace Garam.Messaging.Consuming;

/// <summary>
/// The poll loop of one consumer group: reads records, hands them to their partition's lanes, pauses and resumes, commits, and
/// follows the group's rebalances. Runs on one thread of its own, which never waits for a handler but while it gives partitions back.
/// <code>
///   Poll ──► assignment of the partition ──► lane ──► handler (the group's own threads)
///    ▲             │ tracker                             │
///    └── pause ◄───┴── head, commit ◄──── IsDone ◄───────┘
/// </code>
/// </summary>
internal sealed class GroupMember : IAssignmentListener, IDisposable
{
    // How soon a finished record is noticed when no new one comes: the client has no way to wake a poll.
    private static readonly TimeSpan PollWhileBusy = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan PollWhileIdle = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LookAroundEvery = TimeSpan.FromMilliseconds(10);

    private readonly IGroupTransport _transport;
    private readonly IReadOnlyDictionary<string, RecordProcessor> _processors;
    private readonly MessagingOptions _options;
    private readonly BackgroundWork _work;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _group;
    private readonly OffsetCommitter _committer;
    private readonly LaneThreads _lanes;
    private readonly BackPressure _pressure;
    private readonly Dictionary<TopicPartition, PartitionAssignment> _assignments = [];
    private readonly HashSet<TopicPartition> _paused = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _turned;
    private long _lookedAround;
    private long _committed;
    private bool _busy;
    private bool _stopping;
    private bool _leaving;
    private volatile PartitionAssignment[] _snapshot = [];

    public GroupMember(
        string group,
        IGroupTransport transport,
        IReadOnlyDictionary<string, RecordProcessor> processors,
        MessagingOptions options,
        BackgroundWork work,
        TimeProvider time,
        ILogger logger)
    {
        (_group, _transport, _processors, _options, _work, _time, _logger) = (group, transport, processors, options, work, time, logger);
        _committer = new OffsetCommitter(transport, group, work, logger);
        _lanes = new LaneThreads(group, work);
        _pressure = new BackPressure(options);
        _turned = _lookedAround = _committed = time.GetTimestamp();
        Membership = new Membership(time);
    }

    /// <summary>What this member owns, for health and metrics. Any thread.</summary>
    public IReadOnlyList<PartitionAssignment> Assignments => _snapshot;

    public Membership Membership { get; }

    /// <summary>How long ago the poll thread began its turn; long means that something blocks it. Any thread.</summary>
    public TimeSpan SinceLastTurn => _time.GetElapsedTime(Volatile.Read(ref _turned));

    /// <summary>Completes when, at the stop, handlers have ended or have been cancelled.</summary>
    public Task Drained => _drained.Task;

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

    /// <summary>Ends all assignments without another word to the group, and its threads when what runs on them has ended.</summary>
    public void Dispose()
    {
        Owned([.. _assignments.Keys]).ForEach(assignment => Forget(assignment.Partition));
        _drained.TrySetResult();
        _committer.Dispose();
        _lanes.Dispose();
    }

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
            var assignment = _assignments[partition] = new PartitionAssignment(partition, _processors[partition.Topic], _lanes, _work, _logger);
            if (_stopping)
            {
                assignment.BeginDrain();
            }

            _processors[partition.Topic].Assigned(assignment, _work);
        }

        AssignmentsChanged();
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
        var record = new InFlightRecord(ReceivedRecord.ToContext(result, _group));
        assignment.Dispatch(record);
        if (_pressure.IsReached(assignment, record.Size))
        {
            ApplyPauses(assignment);
        }
    }

    private void LookAround()
    {
        _lanes.GrowIfStuck();
        _pressure.Count(_snapshot);
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

    private PauseReasons Reasons(PartitionAssignment assignment) =>
        (_pressure.IsFull(assignment) ? PauseReasons.BackPressure : 0)
        | (assignment.HeldBecause is not null ? PauseReasons.Held : 0)
        | (assignment.IsDraining ? PauseReasons.Stopping : 0);

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
        _drained.TrySetResult();
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
            AssignmentsChanged();
        }
    }

    private void AssignmentsChanged()
    {
        _snapshot = [.. _assignments.Values];
        _pressure.Count(_snapshot);
    }
}
