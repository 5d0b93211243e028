using Garam.Kafka;

namespace Garam.Broker.Groups;

/// <content>From one generation to the next: who takes part, until when it is waited for them, and who is left behind.</content>
internal sealed partial class Group
{
    private static readonly TimeSpan Never = TimeSpan.MaxValue;

    // PreparingRebalance ends then, with those who have joined. Never, when nothing is being prepared.
    private TimeSpan _joinDeadline = Never;

    // Members of the new generation who have not synced by then are removed.
    private TimeSpan _syncDeadline = Never;

    // The first generation of an empty group waits for a fixed time, and a little longer whenever somebody joins, up to the rebalance timeout.
    private bool _inInitialDelay;
    private bool _joinedDuringDelay;
    private TimeSpan _delayLeft;

    /// <summary>When <see cref="Tick"/> has something to do, on the clock's monotonic scale; null: nothing is waited for.</summary>
    public TimeSpan? NextDeadline()
    {
        var next = _joinDeadline < _syncDeadline ? _joinDeadline : _syncDeadline;
        foreach (var expiry in _pending.Values)
        {
            next = expiry < next ? expiry : next;
        }

        foreach (var member in _members.All)
        {
            next = member.ExpiresAt < next ? member.ExpiresAt : next;
        }

        return next == Never ? null : next;
    }

    /// <summary>Does what time has made due: expires members and ids, ends phases.</summary>
    public void Tick(GroupEffects effects)
    {
        if (State == GroupState.Dead)
        {
            return;
        }

        ExpirePendingIds(effects);
        ExpireMembers(effects);
        if (_syncDeadline <= Now)
        {
            RemoveThoseWhoOweSync(effects);
        }

        if (_joinDeadline <= Now)
        {
            EndOfJoinPhase(effects);
        }
    }

    private void ExpirePendingIds(GroupEffects effects)
    {
        var now = Now;
        var before = _pending.Count;
        foreach (var (memberId, expiry) in _pending)
        {
            if (expiry <= now)
            {
                _pending.Remove(memberId);
            }
        }

        if (_pending.Count < before)
        {
            CompleteJoinIfAllJoined(effects);
        }
    }

    private void ExpireMembers(GroupEffects effects)
    {
        foreach (var member in _members.ToList())
        {
            if (member.ExpiresAt > Now || !_members.TryGet(member.Id, out _))
            {
                continue;
            }

            if (member.IsExcusedFromHeartbeats)
            {
                Touch(member);
            }
            else
            {
                Remove(member, effects);
            }
        }
    }

    private void RemoveThoseWhoOweSync(GroupEffects effects)
    {
        _syncDeadline = Never;
        var debtors = _members.All.Where(member => member.OwesSync).ToList();
        foreach (var member in debtors)
        {
            Unseat(member, effects);
        }

        if (debtors.Count > 0)
        {
            RebalanceFor(effects);
        }
    }

    private void EndOfJoinPhase(GroupEffects effects)
    {
        if (_inInitialDelay && _joinedDuringDelay && _delayLeft > TimeSpan.Zero)
        {
            var extension = _delayLeft < options.InitialRebalanceDelay ? _delayLeft : options.InitialRebalanceDelay;
            _delayLeft -= extension;
            _joinedDuringDelay = false;
            _joinDeadline = Now + extension;
        }
        else
        {
            CompleteJoin(effects);
        }
    }

    private void Remove(GroupMember member, GroupEffects effects)
    {
        Unseat(member, effects);
        RebalanceFor(effects);
    }

    private void Unseat(GroupMember member, GroupEffects effects)
    {
        member.AnswerJoin(JoinResult.Failed(ErrorCode.UnknownMemberId, member.Id), effects);
        member.AnswerSync(SyncResult.Failed(ErrorCode.UnknownMemberId), effects);
        _members.Remove(member);
    }

    private void RebalanceFor(GroupEffects effects)
    {
        if (State != GroupState.PreparingRebalance)
        {
            PrepareRebalance(effects);
        }

        CompleteJoinIfAllJoined(effects);
    }

    private void PrepareRebalance(GroupEffects effects)
    {
        var wasEmpty = State == GroupState.Empty;
        ForgetAssignments(effects);
        Enter(GroupState.PreparingRebalance);
        var patience = _members.LongestRebalanceTimeout();
        _inInitialDelay = wasEmpty;
        if (wasEmpty)
        {
            var delay = options.InitialRebalanceDelay;
            _joinedDuringDelay = false;
            _delayLeft = patience > delay ? patience - delay : TimeSpan.Zero;
            _joinDeadline = Now + delay;
            if (delay == TimeSpan.Zero)
            {
                CompleteJoin(effects);
            }
        }
        else
        {
            _joinDeadline = Now + patience;
        }
    }

    private void ForgetAssignments(GroupEffects effects)
    {
        _syncDeadline = Never;
        foreach (var member in _members.ToList())
        {
            member.OwesSync = false;
            if (member.IsAwaitingSync)
            {
                // It was excused from heartbeats until now: its session begins anew.
                Touch(member);
                member.AnswerSync(SyncResult.Failed(ErrorCode.RebalanceInProgress), effects);
            }
        }
    }

    // Ids that were handed out count: their owners are about to join, and would cost another rebalance a moment later.
    private void CompleteJoinIfAllJoined(GroupEffects effects)
    {
        if (State == GroupState.PreparingRebalance && !_inInitialDelay && _pending.Count == 0 && _members.CountAwaitingJoin() == _members.Count)
        {
            CompleteJoin(effects);
        }
    }

    private void CompleteJoin(GroupEffects effects)
    {
        foreach (var member in _members.ToList())
        {
            // A static member that is away keeps its seat until its session expires (KIP-345).
            if (!member.IsAwaitingJoin && !member.IsStatic)
            {
                _members.Remove(member);
            }
        }

        _inInitialDelay = false;
        if (_members.Count > 0 && !_members.ElectLeaderAmongJoined())
        {
            // Only static members are left, and none of them is here: wait until one returns or all have expired.
            _joinDeadline = Now + _members.LongestRebalanceTimeout();
            return;
        }

        _joinDeadline = Never;
        Generation++;
        _protocol = _members.ElectProtocol();
        if (_members.Count == 0)
        {
            Enter(GroupState.Empty);
            effects.Persist();
        }
        else
        {
            BeginGeneration(effects);
        }
    }

    private void BeginGeneration(GroupEffects effects)
    {
        Enter(GroupState.CompletingRebalance);
        _syncDeadline = Now + _members.LongestRebalanceTimeout();
        // Written before anybody hears of it: a restart neither forgets those who are new in it nor gives its number away again.
        effects.Persist();
        foreach (var member in _members.ToList())
        {
            member.Assignment = [];
            if (member.IsAwaitingJoin)
            {
                member.OwesSync = true;
                member.IsNew = false;
                Touch(member);
                member.AnswerJoin(CurrentGenerationFor(member), effects);
            }
        }
    }

    private void CompleteRebalance(IReadOnlyDictionary<string, byte[]> assignments, GroupEffects effects)
    {
        Enter(GroupState.Stable);
        foreach (var member in _members.ToList())
        {
            member.Assignment = assignments.GetValueOrDefault(member.Id) ?? [];
            if (member.IsAwaitingSync)
            {
                Touch(member);
                member.AnswerSync(AssignmentOf(member), effects);
            }
        }

        effects.Persist();
    }

    /// <summary>A static member has come back with a new id: in a stable group that is no reason for a rebalance (KIP-345).</summary>
    private void ReplaceStaticMember(GroupMember member, string newId, JoinAttempt join, Action<JoinResult> answer, GroupEffects effects)
    {
        var formerLeader = _members.Leader;
        member.AnswerJoin(JoinResult.Failed(ErrorCode.FencedInstanceId, member.Id), effects);
        member.AnswerSync(SyncResult.Failed(ErrorCode.FencedInstanceId), effects);
        _members.ChangeId(member, newId);
        member.Update(join);
        Touch(member);
        if (State == GroupState.Stable && _members.ElectProtocol() == _protocol)
        {
            var isLeader = _members.IsLeader(member);
            var current = CurrentGenerationFor(member);
            // It already has its assignment. A client that cannot be told to skip the leader's work is told that somebody else leads.
            effects.Answer(answer, join.CanSkipAssignment
                ? current with { SkipAssignment = isLeader }
                : current with { Leader = formerLeader ?? "", Members = [] });
            effects.Persist();
        }
        else
        {
            member.AwaitJoin(answer, effects);
            RebalanceFor(effects);
        }
    }

    private JoinResult CurrentGenerationFor(GroupMember member) => new()
    {
        Generation = Generation,
        ProtocolType = ProtocolType,
        ProtocolName = _protocol,
        Leader = _members.Leader ?? "",
        MemberId = member.Id,
        Members = _members.IsLeader(member) ? MembersForLeader() : [],
    };

    private List<JoinedMember> MembersForLeader() =>
        [.. _members.All.Select(member => new JoinedMember(member.Id, member.InstanceId, member.MetadataFor(_protocol)))];

    private SyncResult AssignmentOf(GroupMember member) => new(ErrorCode.None, ProtocolType, _protocol, member.Assignment);
}
