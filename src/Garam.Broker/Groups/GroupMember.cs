using Garam.Kafka;

namespace Garam.Broker.Groups;

/// <summary>One assignment strategy that a member offers, with its metadata, which the broker passes on unread.</summary>
internal readonly record struct GroupProtocol(string Name, byte[] Metadata);

/// <summary>One member of a classic group, with the answers that it waits for.</summary>
internal sealed class GroupMember(string id, string? instanceId, string clientId, string clientHost)
{
    private Action<JoinResult>? _join;
    private Action<SyncResult>? _sync;

    public string Id { get; private set; } = id;

    public string? InstanceId { get; } = instanceId;

    public bool IsStatic => InstanceId is not null;

    public string ClientId { get; private set; } = clientId;

    public string ClientHost { get; private set; } = clientHost;

    public TimeSpan SessionTimeout { get; private set; }

    public TimeSpan RebalanceTimeout { get; private set; }

    /// <summary>In the order in which the member prefers them.</summary>
    public IReadOnlyList<GroupProtocol> Protocols { get; private set; } = [];

    public byte[] Assignment { get; set; } = [];

    /// <summary>Has never completed a join: it cannot send heartbeats yet, so another time limit holds for it.</summary>
    public bool IsNew { get; set; }

    /// <summary>Was told of the current generation and has not asked for its assignment.</summary>
    public bool OwesSync { get; set; }

    public TimeSpan ExpiresAt { get; set; }

    public bool IsAwaitingJoin => _join is not null;

    public bool IsAwaitingSync => _sync is not null;

    /// <summary>A parked request shows that the member is there: only a newcomer's patience has an end.</summary>
    public bool IsExcusedFromHeartbeats => !IsNew && (IsAwaitingJoin || IsAwaitingSync);

    public void Update(JoinAttempt join)
    {
        ClientId = join.ClientId;
        ClientHost = join.ClientHost;
        SessionTimeout = join.SessionTimeout;
        RebalanceTimeout = join.RebalanceTimeout;
        Protocols = join.Protocols;
    }

    public void Restore(TimeSpan sessionTimeout, TimeSpan rebalanceTimeout, IReadOnlyList<GroupProtocol> protocols, byte[] assignment)
    {
        SessionTimeout = sessionTimeout;
        RebalanceTimeout = rebalanceTimeout;
        Protocols = protocols;
        Assignment = assignment;
    }

    /// <summary>A restarted static member takes the place of its former self under a new id.</summary>
    public void TakeId(string id) => Id = id;

    /// <summary>Parks a join. A join that was parked before (the client gave up on it and asked again) is answered: answers
    /// leave a connection in order, so one that is forgotten would block every later one.</summary>
    public void AwaitJoin(Action<JoinResult> answer, GroupEffects effects)
    {
        AnswerJoin(JoinResult.Failed(ErrorCode.RebalanceInProgress, Id), effects);
        _join = answer;
    }

    public void AwaitSync(Action<SyncResult> answer, GroupEffects effects)
    {
        AnswerSync(SyncResult.Failed(ErrorCode.RebalanceInProgress), effects);
        _sync = answer;
    }

    public void AnswerJoin(JoinResult result, GroupEffects effects)
    {
        if (_join is not { } answer)
        {
            return;
        }

        _join = null;
        effects.Answer(answer, result);
    }

    public void AnswerSync(SyncResult result, GroupEffects effects)
    {
        if (_sync is not { } answer)
        {
            return;
        }

        _sync = null;
        effects.Answer(answer, result);
    }

    public byte[] MetadataFor(string? protocol)
    {
        foreach (var offered in Protocols)
        {
            if (offered.Name == protocol)
            {
                return offered.Metadata;
            }
        }

        return [];
    }

    public bool Offers(string protocol)
    {
        foreach (var offered in Protocols)
        {
            if (offered.Name == protocol)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a join says nothing new: same protocols, same metadata, same order.</summary>
    public bool Matches(IReadOnlyList<GroupProtocol> protocols)
    {
        if (protocols.Count != Protocols.Count)
        {
            return false;
        }

        for (var i = 0; i < protocols.Count; i++)
        {
            if (protocols[i].Name != Protocols[i].Name || !protocols[i].Metadata.AsSpan().SequenceEqual(Protocols[i].Metadata))
            {
                return false;
            }
        }

        return true;
    }
}
