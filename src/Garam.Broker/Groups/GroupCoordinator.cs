using System.Collections.Concurrent;
using Garam.Broker.Log;
using Garam.Broker.Timers;
using Garam.Kafka;
using Garam.Kafka.Records;
using Microsoft.Extensions.Logging;

namespace Garam.Broker.Groups;

/// <summary>
/// All groups of the broker: finds the group, runs its state machine under its lock, writes what must survive, and answers outside the
/// lock when that is durable. No thread waits: a task that is not completed is an answer that is parked.
/// </summary>
/// <remarks>Lock order: a group's lock, then (inside an append) a partition's. Answers and timer callbacks run with no lock held.</remarks>
internal sealed partial class GroupCoordinator : IDisposable
{
    /// <summary>Characters of a group's, member's or protocol's name: what is written has 16-bit lengths, in bytes of UTF-8.</summary>
    public const int LongestName = 10_000;

    private readonly ConcurrentDictionary<string, CoordinatedGroup> _groups = new(StringComparer.Ordinal);
    private readonly GroupOptions _options;
    private readonly OffsetsLog _log;
    private readonly TimerQueue _timers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private Func<TopicPartition, Guid, bool> _isGone = (_, _) => false;
    private TimerQueue.Entry? _expiry;
    private volatile bool _stopped;

    public GroupCoordinator(GroupOptions options, OffsetsLog log, TimerQueue timers, TimeProvider time, ILogger logger)
    {
        _options = options;
        _log = log;
        _timers = timers;
        _time = time;
        _logger = logger;
    }

    private long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Takes up what an earlier run wrote, and begins to keep time. Members get a whole session timeout to be heard from.</summary>
    /// <param name="partitions">The partitions of the offsets topic; none when there is no such topic yet.</param>
    /// <param name="isGone">Whether a topic no longer exists: a crash may have come between its deletion and that of its offsets, and a commit may come after it.</param>
    /// <returns>What of the offsets topic is damaged and was skipped, by partition.</returns>
    public async ValueTask<IReadOnlyList<(PartitionLog Partition, IReadOnlyList<LogDamage> Damage)>> StartAsync(
        IReadOnlyList<PartitionLog> partitions, Func<TopicPartition, Guid, bool> isGone)
    {
        _isGone = isGone;
        var replay = new GroupReplay();
        var damaged = partitions.Select(partition => (partition, LogReplay.Replay(partition, (in record) => GroupRecords.Read(record, replay)))).ToList();

        foreach (var (id, snapshot, offsets) in replay.Result())
        {
            Restore(id, snapshot, offsets);
        }

        if (!_groups.IsEmpty)
        {
            await _log.TryOpenAsync().ConfigureAwait(false);
            ForgetTopics(isGone);
            GroupEvents.Restored(_logger, _groups.Count);
        }

        ScheduleExpiry();
        return damaged.FindAll(log => log.Item2.Count > 0);
    }

    public async Task<JoinResult> JoinAsync(string groupId, JoinAttempt join)
    {
        if (groupId.Length is 0 or > LongestName)
        {
            return JoinResult.Failed(ErrorCode.InvalidGroupId, join.MemberId);
        }

        // Only a newcomer makes a group.
        var isNewcomer = join.MemberId.Length == 0;
        if (isNewcomer && !await _log.TryOpenAsync().ConfigureAwait(false))
        {
            return JoinResult.Failed(ErrorCode.CoordinatorNotAvailable, join.MemberId);
        }

        if ((isNewcomer ? FindOrCreate(groupId) : Find(groupId)) is not { } group)
        {
            return JoinResult.Failed(ErrorCode.UnknownMemberId, join.MemberId);
        }

        var answer = NewAnswer<JoinResult>();
        Apply(group, effects => group.Group.Join(join, answer.SetResult, effects));
        return await answer.Task.ConfigureAwait(false);
    }

    public Task<SyncResult> SyncAsync(string groupId, SyncAttempt sync)
    {
        if (RefuseMember(groupId, out var group) is { } error)
        {
            return Task.FromResult(SyncResult.Failed(error));
        }

        var answer = NewAnswer<SyncResult>();
        Apply(group, effects => group.Group.Sync(sync, answer.SetResult, effects));
        return answer.Task;
    }

    public ErrorCode Heartbeat(string groupId, string memberId, string? instanceId, int generation)
    {
        if (RefuseMember(groupId, out var group) is { } error)
        {
            return error;
        }

        lock (group.Lock)
        {
            return group.Group.Heartbeat(memberId, instanceId, generation);
        }
    }

    /// <summary>One result per member; the answer comes when the departure is written.</summary>
    public Task<ErrorCode[]> LeaveAsync(string groupId, IReadOnlyList<(string MemberId, string? InstanceId)> members)
    {
        var results = new ErrorCode[members.Count];
        if (RefuseMember(groupId, out var group) is { } error)
        {
            Array.Fill(results, error);
            return Task.FromResult(results);
        }

        var answer = NewAnswer<ErrorCode[]>();
        Apply(group, effects =>
        {
            for (var i = 0; i < results.Length; i++)
            {
                results[i] = group.Group.Leave(members[i].MemberId, members[i].InstanceId, effects);
            }

            effects.Answer(storage =>
            {
                if (storage != ErrorCode.None)
                {
                    Array.Fill(results, storage);
                }

                answer.SetResult(results);
            });
        });
        return answer.Task;
    }

    /// <summary>Null when there is no such group.</summary>
    public GroupSnapshot? Describe(string groupId)
    {
        if (Find(groupId) is not { } group)
        {
            return null;
        }

        lock (group.Lock)
        {
            return group.Group.State == GroupState.Dead ? null : group.Group.Snapshot();
        }
    }

    public IReadOnlyList<GroupSnapshot> List() => [.. _groups.Keys.Order(StringComparer.Ordinal).Select(Describe).OfType<GroupSnapshot>()];

    /// <summary>Removes a group that has no members, with its offsets.</summary>
    public Task<ErrorCode> DeleteAsync(string groupId)
    {
        if (Find(groupId) is not { } group)
        {
            return Task.FromResult(ErrorCode.GroupIdNotFound);
        }

        // Timers are some milliseconds late: who waits for just a session, and deletes the group then, is right.
        Apply(group, group.Group.Tick);
        Appended written;
        lock (group.Lock)
        {
            if (group.Group.State is not GroupState.Empty)
            {
                return Task.FromResult(group.Group.State == GroupState.Dead ? ErrorCode.GroupIdNotFound : ErrorCode.NonEmptyGroup);
            }

            written = Remove(group, group.Offsets.All().Select(offset => offset.Key).ToList());
        }

        var answer = NewAnswer<ErrorCode>();
        written.WhenDurable(answer.SetResult);
        return answer.Task;
    }

    /// <summary>Answers everybody who is parked; nothing is kept in time any more.</summary>
    public void Dispose()
    {
        _stopped = true;
        _expiry?.Cancel();
        foreach (var group in _groups.Values)
        {
            var effects = new GroupEffects();
            lock (group.Lock)
            {
                group.Alarm?.Cancel();
                group.Group.Die(effects);
            }

            effects.Release();
        }
    }

    private void Restore(string id, GroupSnapshot? snapshot, GroupOffsets offsets)
    {
        var group = NewGroup(id, offsets);
        if (snapshot is not null)
        {
            group.Group.Restore(snapshot);
        }

        _groups[id] = group;
        lock (group.Lock)
        {
            SetAlarm(group);
        }
    }

    private CoordinatedGroup? Find(string groupId) => _groups.GetValueOrDefault(groupId);

    private CoordinatedGroup FindOrCreate(string groupId) => _groups.GetOrAdd(groupId, id => NewGroup(id, new GroupOffsets()));

    private CoordinatedGroup NewGroup(string id, GroupOffsets offsets) =>
        new(new Group(id, _options, _time, static prefix => $"{prefix}-{Guid.NewGuid()}"), offsets);

    // Answers may be set by the thread that syncs the disk, or by another member's: neither must run what comes after them.
    private static TaskCompletionSource<T> NewAnswer<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ErrorCode? RefuseMember(string groupId, out CoordinatedGroup group)
    {
        group = Find(groupId)!;
        return groupId.Length == 0 ? ErrorCode.InvalidGroupId : group is null ? ErrorCode.UnknownMemberId : null;
    }

    private void Apply(CoordinatedGroup group, Action<GroupEffects> input)
    {
        var effects = new GroupEffects();
        Appended written = default;
        lock (group.Lock)
        {
            var before = group.Group.Generation;
            input(effects);
            if (effects.MustPersist)
            {
                var batch = new RecordBatchBuilder();
                batch.AddGroup(group.Group.Snapshot(), NowMs);
                written = _log.Append(group.Id, batch);
            }

            if (group.Group.Generation != before)
            {
                GroupEvents.NewGeneration(_logger, group.Id, group.Group.Generation, group.Group.Snapshot().Members.Count);
            }

            SetAlarm(group);
            DropIfUnused(group);
        }

        written.WhenDurable(effects.Release);
    }

    // Whoever was refused by a group that he called into being leaves nothing behind.
    private void DropIfUnused(CoordinatedGroup group)
    {
        if (group.Group is { State: GroupState.Empty, Generation: 0 } && group.Offsets.IsEmpty && group.Group.NextDeadline() is null)
        {
            group.Group.Die(new GroupEffects());
            _groups.TryRemove(new(group.Id, group));
        }
    }

    private void SetAlarm(CoordinatedGroup group)
    {
        var next = _stopped ? null : group.Group.NextDeadline();
        if (group.Alarm is not null && (next is null || next < group.AlarmAt))
        {
            group.Alarm.Cancel();
            group.Alarm = null;
        }

        if (next is { } due && group.Alarm is null)
        {
            var wait = due - _time.GetElapsedTime(0);
            group.AlarmAt = due;
            group.Alarm = _timers.Schedule(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, OnAlarm, group);
        }
    }

    private void OnAlarm(object? state)
    {
        var group = (CoordinatedGroup)state!;
        Apply(group, effects =>
        {
            group.Alarm = null;
            group.Group.Tick(effects);
        });
    }

    // The group and all its offsets leave the log and the memory; the caller holds the lock. Whoever finds the name afterwards makes a new group.
    private Appended Remove(CoordinatedGroup group, IEnumerable<TopicPartition> offsets)
    {
        var batch = Tombstones(group, offsets);
        batch.AddGroupTombstone(group.Id, NowMs);
        var written = _log.Append(group.Id, batch);
        if (written.Error == ErrorCode.None)
        {
            group.Alarm?.Cancel();
            group.Group.Die(new GroupEffects());
            _groups.TryRemove(new(group.Id, group));
        }

        return written;
    }
}
