using Garam.Kafka;

namespace Garam.Broker.Groups;

/// <summary>
/// One classic consumer group: a state machine without I/O, locks or timers of its own. Whoever calls it holds its lock, carries out
/// the <see cref="GroupEffects"/> afterwards, and calls <see cref="Tick"/> when <see cref="NextDeadline"/> has come.
/// Follows KIP-345 (static members), KIP-394 (member ids first), KIP-814 (skipped assignment).
/// </summary>
/// <param name="id">The group's name.</param>
/// <param name="options">Limits and delays.</param>
/// <param name="time">Session and rebalance time is monotonic: a clock that is set back expires nobody.</param>
/// <param name="newMemberId">Makes a member id out of a prefix (the client id or the instance id).</param>
internal sealed partial class Group(string id, GroupOptions options, TimeProvider time, Func<string, string> newMemberId)
{
    private readonly GroupMembers _members = new();

    // Ids that were handed out (KIP-394) and not used yet, with the time until which they are kept.
    private readonly Dictionary<string, TimeSpan> _pending = new(StringComparer.Ordinal);

    private string? _protocol;

    public string Id { get; } = id;

    public GroupState State { get; private set; }

    public int Generation { get; private set; }

    /// <summary>"consumer", "connect", ...; null for a group that only stores offsets.</summary>
    public string? ProtocolType { get; private set; }

    /// <summary>Since when the group is in its state (wall clock): offsets are kept for a while after a group became empty.</summary>
    public DateTimeOffset StateSince { get; private set; } = time.GetUtcNow();

    private TimeSpan Now => time.GetElapsedTime(0);

    /// <summary>JoinGroup. The answer may come much later, when the generation is complete.</summary>
    public void Join(JoinAttempt join, Action<JoinResult> answer, GroupEffects effects)
    {
        if (Refuse(join) is { } error)
        {
            effects.Answer(answer, JoinResult.Failed(error, join.MemberId));
            GiveUpSeat(join, error, effects);
        }
        else if (join.MemberId.Length == 0)
        {
            JoinWithoutId(join, answer, effects);
        }
        else
        {
            JoinWithId(join, answer, effects);
        }
    }

    /// <summary>SyncGroup. A follower's answer waits for the leader's assignment.</summary>
    public void Sync(SyncAttempt sync, Action<SyncResult> answer, GroupEffects effects)
    {
        if (Refuse(sync, out var member) is { } error)
        {
            effects.Answer(answer, SyncResult.Failed(error));
            return;
        }

        member.OwesSync = false;
        Touch(member);
        member.AwaitSync(answer, effects);
        if (State == GroupState.Stable)
        {
            member.AnswerSync(AssignmentOf(member), effects);
        }
        else if (_members.IsLeader(member))
        {
            CompleteRebalance(sync.Assignments, effects);
        }
    }

    public ErrorCode Heartbeat(string memberId, string? instanceId, int generation)
    {
        if (Find(memberId, instanceId, out var member) is { } unknown)
        {
            return unknown;
        }

        if (generation != Generation)
        {
            return ErrorCode.IllegalGeneration;
        }

        Touch(member);
        return State == GroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    /// <summary>One member of a LeaveGroup. With an empty member id the instance id alone decides (an administrator removes it).</summary>
    public ErrorCode Leave(string memberId, string? instanceId, GroupEffects effects)
    {
        if (State == GroupState.Dead)
        {
            return ErrorCode.CoordinatorNotAvailable;
        }

        if (instanceId is null && _pending.Remove(memberId))
        {
            CompleteJoinIfAllJoined(effects);
            return ErrorCode.None;
        }

        if (memberId.Length == 0 && instanceId is not null)
        {
            memberId = _members.WithInstance(instanceId)?.Id ?? "";
        }

        if (Find(memberId, instanceId, out var member) is { } error)
        {
            return error;
        }

        Remove(member, effects);
        return ErrorCode.None;
    }

    /// <summary>Whether somebody may commit offsets now. Generation -1 without a member is the administrator and the consumer that does not
    /// use group management: welcome while nobody else is there.</summary>
    public ErrorCode AdmitCommit(string memberId, string? instanceId, int generation)
    {
        if (State == GroupState.Dead)
        {
            return ErrorCode.CoordinatorNotAvailable;
        }

        if (generation < 0 && State == GroupState.Empty)
        {
            return ErrorCode.None;
        }

        if (Find(memberId, instanceId, out var member) is { } unknown)
        {
            return unknown;
        }

        if (generation != Generation)
        {
            return ErrorCode.IllegalGeneration;
        }

        if (State == GroupState.CompletingRebalance)
        {
            return ErrorCode.RebalanceInProgress;
        }

        Touch(member);
        return ErrorCode.None;
    }

    /// <summary>The group is no more (deleted, or the coordinator stops): everybody who waits is told to look it up again.</summary>
    public void Die(GroupEffects effects)
    {
        foreach (var member in _members.ToList())
        {
            member.AnswerJoin(JoinResult.Failed(ErrorCode.NotCoordinator, member.Id), effects);
            member.AnswerSync(SyncResult.Failed(ErrorCode.NotCoordinator), effects);
        }

        Enter(GroupState.Dead);
    }

    private ErrorCode? Refuse(JoinAttempt join)
    {
        if (State == GroupState.Dead)
        {
            return ErrorCode.CoordinatorNotAvailable;
        }

        if (join.SessionTimeout < options.MinSessionTimeout || join.SessionTimeout > options.MaxSessionTimeout)
        {
            return ErrorCode.InvalidSessionTimeout;
        }

        if (join.ProtocolType.Length == 0 || join.Protocols.Count == 0)
        {
            return ErrorCode.InconsistentGroupProtocol;
        }

        if (!HasRoomFor(join))
        {
            return ErrorCode.GroupMaxSizeReached;
        }

        var fits = State == GroupState.Empty || (join.ProtocolType == ProtocolType && _members.ShareAny(join.Protocols));
        return fits ? null : ErrorCode.InconsistentGroupProtocol;
    }

    // While members are being collected the seats go to those who are back first: a group whose limit was lowered shrinks to it.
    private bool HasRoomFor(JoinAttempt join)
    {
        var seat = SeatOf(join);
        return State switch
        {
            GroupState.Empty => true,
            GroupState.PreparingRebalance => seat is { IsAwaitingJoin: true } || _members.CountAwaitingJoin() < options.MaxSize,
            _ => seat is not null || _members.Count < options.MaxSize,
        };
    }

    // Who is turned away from a full group must not be waited for.
    private void GiveUpSeat(JoinAttempt join, ErrorCode refusal, GroupEffects effects)
    {
        if (refusal == ErrorCode.GroupMaxSizeReached && SeatOf(join) is { } member)
        {
            Remove(member, effects);
        }
    }

    private GroupMember? SeatOf(JoinAttempt join) =>
        _members.TryGet(join.MemberId, out var member) ? member
        : join is { MemberId.Length: 0, InstanceId: { } instance } ? _members.WithInstance(instance)
        : null;

    private void JoinWithoutId(JoinAttempt join, Action<JoinResult> answer, GroupEffects effects)
    {
        var memberId = newMemberId(join.InstanceId ?? join.ClientId);
        if (join.InstanceId is { } instance && _members.WithInstance(instance) is { } formerSelf)
        {
            ReplaceStaticMember(formerSelf, memberId, join, answer, effects);
        }
        else if (join.InstanceId is null && join.RequiresKnownMemberId)
        {
            _pending[memberId] = Now + join.SessionTimeout;
            effects.Answer(answer, JoinResult.Failed(ErrorCode.MemberIdRequired, memberId));
        }
        else
        {
            AddMember(memberId, join, answer, effects);
        }
    }

    private void JoinWithId(JoinAttempt join, Action<JoinResult> answer, GroupEffects effects)
    {
        if (join.InstanceId is null && _pending.Remove(join.MemberId))
        {
            AddMember(join.MemberId, join, answer, effects);
        }
        else if (Find(join.MemberId, join.InstanceId, out var member) is { } error)
        {
            effects.Answer(answer, JoinResult.Failed(error, join.MemberId));
        }
        else if (IsRepeated(join, member))
        {
            Touch(member);
            effects.Answer(answer, CurrentGenerationFor(member));
        }
        else
        {
            member.Update(join);
            Touch(member);
            member.AwaitJoin(answer, effects);
            RebalanceFor(effects);
        }
    }

    // A join that changes nothing (its first answer was lost on the way) costs the others no rebalance. In a stable group the leader's
    // does: it asks again when it wants to assign anew, for example because a topic has got more partitions.
    private bool IsRepeated(JoinAttempt join, GroupMember member) => State switch
    {
        GroupState.CompletingRebalance => member.Matches(join.Protocols),
        GroupState.Stable => !_members.IsLeader(member) && member.Matches(join.Protocols),
        _ => false,
    };

    private void AddMember(string memberId, JoinAttempt join, Action<JoinResult> answer, GroupEffects effects)
    {
        var member = new GroupMember(memberId, join.InstanceId, join.ClientId, join.ClientHost) { IsNew = true };
        member.Update(join);
        member.ExpiresAt = Now + options.NewMemberJoinTimeout;
        member.AwaitJoin(answer, effects);
        if (_members.Count == 0)
        {
            ProtocolType = join.ProtocolType;
        }

        _members.Add(member);
        _joinedDuringDelay = true;
        RebalanceFor(effects);
    }

    private ErrorCode? Refuse(SyncAttempt sync, out GroupMember member)
    {
        if (Find(sync.MemberId, sync.InstanceId, out member) is { } unknown)
        {
            return unknown;
        }

        if (sync.Generation != Generation)
        {
            return ErrorCode.IllegalGeneration;
        }

        if ((sync.ProtocolType ?? ProtocolType) != ProtocolType || (sync.ProtocolName ?? _protocol) != _protocol)
        {
            return ErrorCode.InconsistentGroupProtocol;
        }

        return State == GroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : null;
    }

    private ErrorCode? Find(string memberId, string? instanceId, out GroupMember member)
    {
        member = null!;
        if (State == GroupState.Dead)
        {
            return ErrorCode.CoordinatorNotAvailable;
        }

        if (instanceId is not null)
        {
            if (_members.WithInstance(instanceId) is not { } holder)
            {
                return ErrorCode.UnknownMemberId;
            }

            member = holder;
            return holder.Id == memberId ? null : ErrorCode.FencedInstanceId;
        }

        return _members.TryGet(memberId, out member!) ? null : ErrorCode.UnknownMemberId;
    }

    private void Touch(GroupMember member) =>
        member.ExpiresAt = Now + (member.IsNew ? options.NewMemberJoinTimeout : member.SessionTimeout);

    private void Enter(GroupState state)
    {
        State = state;
        StateSince = time.GetUtcNow();
    }
}
