using Garam.Broker.Log;
using Garam.Kafka;
using Garam.Kafka.Records;

namespace Garam.Broker.Groups;

/// <summary>An OffsetCommit as the coordinator sees it: its partitions exist, its metadata is short enough.</summary>
internal sealed record CommitAttempt(string MemberId, string? InstanceId, int Generation, IReadOnlyList<PartitionCommit> Partitions);

/// <summary>One partition of a commit.</summary>
/// <param name="Partition">Which one.</param>
/// <param name="TopicId">Of which topic of that name.</param>
/// <param name="Offset">The next offset to read.</param>
/// <param name="LeaderEpoch">-1: not said.</param>
/// <param name="Metadata">The committer's own words.</param>
/// <param name="Retention">OffsetCommit v2-4; null: the broker's.</param>
internal readonly record struct PartitionCommit(TopicPartition Partition, Guid TopicId, long Offset, int LeaderEpoch, string Metadata, TimeSpan? Retention);

/// <summary>A commit on its way to the disk.</summary>
internal readonly record struct Reservation(TopicPartition Partition, GroupOffsets.Entry Entry, CommittedOffset Committed);

/// <content>Offsets: committed durably, seen when durable, forgotten when nobody needs them.</content>
internal sealed partial class GroupCoordinator
{
    /// <summary>
    /// Completes when the commit is durable. Without a generation the group need not exist: somebody only keeps his place here.
    /// With one, a group that is not there is GroupIdNotFound.
    /// </summary>
    public async Task<ErrorCode> CommitAsync(string groupId, CommitAttempt commit)
    {
        if (groupId.Length > LongestName)
        {
            return ErrorCode.InvalidGroupId;
        }

        var mayBeNew = commit.Generation < 0;
        if (mayBeNew && !await _log.TryOpenAsync().ConfigureAwait(false))
        {
            return ErrorCode.CoordinatorNotAvailable;
        }

        return (mayBeNew ? FindOrCreate(groupId) : Find(groupId)) is { } group
            ? await CommitAsync(group, commit).ConfigureAwait(false)
            : ErrorCode.GroupIdNotFound;
    }

    /// <summary>What is committed for the partitions asked for, null where nothing is; all of the group's for null.</summary>
    public IReadOnlyList<KeyValuePair<TopicPartition, CommittedOffset?>> FetchOffsets(string groupId, IReadOnlyList<TopicPartition>? partitions)
    {
        if (Find(groupId) is not { } group)
        {
            return [.. (partitions ?? []).Select(partition => new KeyValuePair<TopicPartition, CommittedOffset?>(partition, null))];
        }

        lock (group.Lock)
        {
            return partitions is null
                ? [.. group.Offsets.All().Select(offset => new KeyValuePair<TopicPartition, CommittedOffset?>(offset.Key, offset.Value))]
                : [.. partitions.Select(partition => new KeyValuePair<TopicPartition, CommittedOffset?>(
                    partition, group.Offsets.TryGet(partition, out var committed) ? committed : null))];
        }
    }

    /// <summary>
    /// Deletes committed offsets, except those of topics that members subscribe to, which are named in the result; completes when that is durable.
    /// Members that do not share out topics may need any offset: with such members, NonEmptyGroup.
    /// </summary>
    public async Task<(ErrorCode Error, IReadOnlySet<string> SubscribedTopics)> DeleteOffsetsAsync(string groupId, IReadOnlyList<TopicPartition> partitions)
    {
        var subscribed = new HashSet<string>(StringComparer.Ordinal);
        if (groupId.Length == 0)
        {
            return (ErrorCode.InvalidGroupId, subscribed);
        }

        if (Find(groupId) is not { } group)
        {
            return (ErrorCode.GroupIdNotFound, subscribed);
        }

        Appended written;
        lock (group.Lock)
        {
            if (group.Group.State == GroupState.Dead)
            {
                return (ErrorCode.GroupIdNotFound, subscribed);
            }

            if (group.Group.State != GroupState.Empty && group.Group.ProtocolType != Subscription.ProtocolType)
            {
                return (ErrorCode.NonEmptyGroup, subscribed);
            }

            subscribed.UnionWith(partitions.Select(partition => partition.Topic).Distinct().Where(group.Group.IsSubscribedTo));
            written = Forget(group, [.. partitions.Distinct().Where(partition => !subscribed.Contains(partition.Topic) && group.Offsets.TryGet(partition, out _))]);
        }

        var answer = NewAnswer<ErrorCode>();
        written.WhenDurable(answer.SetResult);
        return (await answer.Task.ConfigureAwait(false), subscribed);
    }

    /// <summary>
    /// Topics are deleted: what groups have read of them means nothing for later topics of the same names. Commits that wait for the disk are forgotten too: their records
    /// come before the tombstones that are written here.
    /// </summary>
    public void ForgetTopics(Func<TopicPartition, Guid, bool> isGone)
    {
        foreach (var group in _groups.Values)
        {
            lock (group.Lock)
            {
                Forget(group, group.Offsets.OfTopics(isGone));
            }
        }
    }

    private Task<ErrorCode> CommitAsync(CoordinatedGroup group, CommitAttempt commit)
    {
        var reserved = new List<Reservation>(commit.Partitions.Count);
        Appended written;
        lock (group.Lock)
        {
            var refusal = group.Group.AdmitCommit(commit.MemberId, commit.InstanceId, commit.Generation);
            if (refusal == ErrorCode.None)
            {
                written = Append(group, commit, reserved);
            }
            else
            {
                DropIfUnused(group);
                return Task.FromResult(refusal);
            }
        }

        var answer = NewAnswer<ErrorCode>();
        written.WhenDurable(error =>
        {
            Finish(group, error, written.LastOffset, reserved);
            answer.SetResult(error);
        });
        return answer.Task;
    }

    private Appended Append(CoordinatedGroup group, CommitAttempt commit, List<Reservation> reserved)
    {
        var now = NowMs;
        var batch = new RecordBatchBuilder();
        foreach (var (partition, topicId, offset, leaderEpoch, metadata, retention) in commit.Partitions)
        {
            if (_isGone(partition, topicId))
            {
                continue; // deleted since the request was checked: ForgetTopics may have been here already
            }

            var expiresAt = retention is { } own ? now + (long)own.TotalMilliseconds : -1;
            var committed = new CommittedOffset(offset, leaderEpoch, metadata, now, expiresAt, topicId);
            batch.AddOffset(group.Id, partition, committed);
            reserved.Add(new Reservation(partition, group.Offsets.Reserve(partition, topicId), committed));
        }

        return _log.Append(group.Id, batch);
    }

    private void Finish(CoordinatedGroup group, ErrorCode error, long position, List<Reservation> reserved)
    {
        lock (group.Lock)
        {
            foreach (var (partition, entry, committed) in reserved)
            {
                if (error == ErrorCode.None)
                {
                    entry.Show(committed, position);
                }
                else
                {
                    group.Offsets.Cancel(partition, entry);
                }
            }

            DropIfUnused(group);
        }
    }

    private void ScheduleExpiry() => _expiry = _timers.Schedule(_options.OffsetsRetentionCheckInterval, _ => ExpireAll(), null);

    private void ExpireAll()
    {
        if (_stopped)
        {
            return;
        }

        ScheduleExpiry(); // first: a round that fails must not be the last one
        foreach (var group in _groups.Values)
        {
            lock (group.Lock)
            {
                Expire(group);
            }
        }
    }

    private void Expire(CoordinatedGroup group)
    {
        if (group.Group.State == GroupState.Dead)
        {
            return;
        }

        var expired = group.Offsets.All().Where(offset => IsExpired(group.Group, offset.Key, offset.Value)).Select(offset => offset.Key).ToList();
        if (expired.Count > 0)
        {
            GroupEvents.OffsetsExpired(_logger, group.Id, expired.Count);
            Forget(group, expired);
        }

        // Ids that were handed out keep a deadline: their owners are on their way.
        if (group.Group.State == GroupState.Empty && group.Offsets.IsEmpty && group.Group.NextDeadline() is null)
        {
            Remove(group, []);
        }
    }

    private RecordBatchBuilder Tombstones(CoordinatedGroup group, IEnumerable<TopicPartition> partitions)
    {
        var batch = new RecordBatchBuilder();
        foreach (var partition in partitions)
        {
            batch.AddOffsetTombstone(group.Id, partition, NowMs);
        }

        return batch;
    }

    private Appended Forget(CoordinatedGroup group, List<TopicPartition> partitions)
    {
        var written = _log.Append(group.Id, Tombstones(group, partitions));
        if (written.Error == ErrorCode.None)
        {
            partitions.ForEach(group.Offsets.Remove);
        }

        return written;
    }

    // Offsets live as long as somebody may come back for them (KIP-211): while the group has members, those of topics that they
    // subscribe to; after the last one left, for the retention time; without members ever, for that time after the last commit.
    private bool IsExpired(Group group, TopicPartition partition, CommittedOffset committed)
    {
        var now = NowMs;
        if (committed.ExpiresAt >= 0)
        {
            return group.State == GroupState.Empty && now >= committed.ExpiresAt;
        }

        var retention = (long)_options.OffsetsRetention.TotalMilliseconds;
        return group.State switch
        {
            GroupState.Empty when group.ProtocolType is not null =>
                now - Math.Max(committed.CommittedAt, group.StateSince.ToUnixTimeMilliseconds()) >= retention,
            GroupState.Empty => now - committed.CommittedAt >= retention,
            GroupState.Stable => !group.IsSubscribedTo(partition.Topic) && group.ProtocolType == Subscription.ProtocolType
                && now - committed.CommittedAt >= retention,
            _ => false,
        };
    }
}
