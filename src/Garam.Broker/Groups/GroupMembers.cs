using System.Diagnostics.CodeAnalysis;

namespace Garam.Broker.Groups;

/// <summary>Who is in a group, who leads it, and which protocols all of them can use. Holds no rule of the rebalance itself.</summary>
internal sealed class GroupMembers
{
    // Ordered, so that leaders and lists do not depend on hash codes.
    private readonly OrderedDictionary<string, GroupMember> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GroupMember> _byInstance = new(StringComparer.Ordinal);

    public int Count => _byId.Count;

    public string? Leader { get; private set; }

    /// <summary>For reading: the set must not change meanwhile.</summary>
    public OrderedDictionary<string, GroupMember>.ValueCollection All => _byId.Values;

    /// <summary>Safe to change the set while reading it.</summary>
    public IReadOnlyList<GroupMember> ToList() => [.. _byId.Values];

    public bool TryGet(string id, [NotNullWhen(true)] out GroupMember? member) => _byId.TryGetValue(id, out member);

    public GroupMember? WithInstance(string instanceId) => _byInstance.GetValueOrDefault(instanceId);

    public bool IsLeader(GroupMember member) => member.Id == Leader;

    public void Add(GroupMember member)
    {
        _byId.Add(member.Id, member);
        Leader ??= member.Id;
        if (member.InstanceId is { } instance)
        {
            _byInstance[instance] = member;
        }
    }

    public void Remove(GroupMember member)
    {
        _byId.Remove(member.Id);
        if (member.InstanceId is { } instance)
        {
            _byInstance.Remove(instance);
        }

        if (Leader == member.Id)
        {
            Leader = _byId.Count > 0 ? _byId.GetAt(0).Key : null;
        }
    }

    public void ChangeId(GroupMember member, string id)
    {
        var wasLeader = IsLeader(member);
        _byId.Remove(member.Id);
        member.TakeId(id);
        _byId.Add(id, member);
        if (wasLeader)
        {
            Leader = id;
        }
    }

    public void RestoreLeader(string? leader)
    {
        if (leader is not null && _byId.ContainsKey(leader))
        {
            Leader = leader;
        }
    }

    public int CountAwaitingJoin()
    {
        var count = 0;
        foreach (var member in _byId.Values)
        {
            count += member.IsAwaitingJoin ? 1 : 0;
        }

        return count;
    }

    /// <summary>The leader stays while it takes part; else the first who does. False: nobody does.</summary>
    public bool ElectLeaderAmongJoined()
    {
        if (Leader is { } leader && _byId[leader].IsAwaitingJoin)
        {
            return true;
        }

        foreach (var member in _byId.Values)
        {
            if (member.IsAwaitingJoin)
            {
                Leader = member.Id;
                return true;
            }
        }

        return false;
    }

    public TimeSpan LongestRebalanceTimeout()
    {
        var longest = TimeSpan.Zero;
        foreach (var member in _byId.Values)
        {
            longest = member.RebalanceTimeout > longest ? member.RebalanceTimeout : longest;
        }

        return longest;
    }

    /// <summary>Whether one of these protocols is known to everybody in the group.</summary>
    public bool ShareAny(IReadOnlyList<GroupProtocol> protocols)
    {
        foreach (var protocol in protocols)
        {
            if (ShareProtocol(protocol.Name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Each member votes for the first of its protocols that all share; the most votes win, the oldest member's order breaks a tie.</summary>
    public string? ElectProtocol()
    {
        var votes = new OrderedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var shared in SharedProtocols())
        {
            votes.Add(shared, 0);
        }

        foreach (var member in _byId.Values)
        {
            foreach (var protocol in member.Protocols)
            {
                if (votes.TryGetValue(protocol.Name, out var count))
                {
                    votes[protocol.Name] = count + 1;
                    break;
                }
            }
        }

        return votes.Count == 0 ? null : votes.MaxBy(vote => vote.Value).Key;
    }

    private List<string> SharedProtocols()
    {
        var shared = new List<string>();
        if (_byId.Count > 0)
        {
            foreach (var protocol in _byId.GetAt(0).Value.Protocols)
            {
                if (!shared.Contains(protocol.Name) && ShareProtocol(protocol.Name))
                {
                    shared.Add(protocol.Name);
                }
            }
        }

        return shared;
    }

    private bool ShareProtocol(string name)
    {
        foreach (var member in _byId.Values)
        {
            if (!member.Offers(name))
            {
                return false;
            }
        }

        return true;
    }
}
