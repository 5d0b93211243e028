namespace Garam.Broker.Groups;

/// <summary>A group as it is written to the log and shown to those who describe it.</summary>
internal sealed record GroupSnapshot(
    string Id,
    GroupState State,
    int Generation,
    string? ProtocolType,
    string? Protocol,
    string? Leader,
    DateTimeOffset StateSince,
    IReadOnlyList<MemberSnapshot> Members);

/// <summary>One member with what it offered for the chosen protocol and what it was assigned.</summary>
internal sealed record MemberSnapshot(
    string Id,
    string? InstanceId,
    string ClientId,
    string ClientHost,
    TimeSpan SessionTimeout,
    TimeSpan RebalanceTimeout,
    byte[] Metadata,
    byte[] Assignment);

/// <content>How a group leaves memory and comes back.</content>
internal sealed partial class Group
{
    public GroupSnapshot Snapshot() => new(
        Id, State, Generation, ProtocolType, _protocol, _members.Leader, StateSince,
        [.. _members.All.Select(member => new MemberSnapshot(
            member.Id, member.InstanceId, member.ClientId, member.ClientHost, member.SessionTimeout, member.RebalanceTimeout,
            member.MetadataFor(_protocol), member.Assignment))]);

    /// <summary>
    /// Continues where the log ends. Everybody who was in the last written generation is a member of it again, with a whole session
    /// timeout to be heard from: a restart of the broker costs no member its id. A generation without assignments is not continued: its
    /// members are collected for the next one.
    /// </summary>
    public void Restore(GroupSnapshot saved)
    {
        Generation = saved.Generation;
        ProtocolType = saved.ProtocolType;
        _protocol = saved.Protocol;
        foreach (var seat in saved.Members)
        {
            var member = new GroupMember(seat.Id, seat.InstanceId, seat.ClientId, seat.ClientHost);
            member.Restore(seat.SessionTimeout, seat.RebalanceTimeout, [new GroupProtocol(saved.Protocol ?? "", seat.Metadata)], seat.Assignment);
            Touch(member);
            _members.Add(member);
        }

        _members.RestoreLeader(saved.Leader);
        (State, StateSince) = (saved.State, saved.StateSince);
        if (State == GroupState.PreparingRebalance)
        {
            _joinDeadline = Now + _members.LongestRebalanceTimeout();
        }
    }

    /// <summary>Whether a member subscribes to this topic; a consumer group whose subscriptions cannot be told counts as subscribed to all.</summary>
    public bool IsSubscribedTo(string topic)
    {
        if (ProtocolType != Subscription.ProtocolType || _members.Count == 0)
        {
            return false;
        }

        foreach (var member in _members.All)
        {
            if (!Subscription.TryReadTopics(member.MetadataFor(_protocol), out var topics) || topics.Contains(topic))
            {
                return true;
            }
        }

        return false;
    }
}
