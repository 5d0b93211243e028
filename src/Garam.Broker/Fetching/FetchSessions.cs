using System.Security.Cryptography;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Fetching;

/// <summary>
/// The fetch sessions of all clients, a bounded number of them with a bounded number of partitions. When that is used up, further clients fetch
/// without a session.
/// </summary>
internal sealed class FetchSessions(int slots, TimeProvider time, int maxPartitions = 1_000_000)
{
    private const int NoSession = -1, NewSession = 0;

    // As in Kafka: a session that was used within this time keeps its slot.
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<int, LinkedListNode<FetchSession>> _byId = [];
    // The least recently used is first.
    private readonly LinkedList<FetchSession> _byUse = [];
    private long _partitions;

    /// <summary>Finds or makes the session that a request speaks of.</summary>
    public FetchPlan Plan(FetchRequest request, bool withTopicIds)
    {
        if (request.SessionEpoch is NoSession or NewSession)
        {
            if (request.SessionId != 0) Remove(request.SessionId);
            var session = request.SessionEpoch == NewSession ? TryAdd(withTopicIds) : null;
            session?.Take(request);
            if (session is not null && !Fits(session)) session = null;
            return new FetchPlan(session, IsIncremental: false, session is null ? Once(request) : session.InTurn());
        }
        if (Find(request.SessionId) is not { } known) return FetchPlan.Failed(ErrorCode.FetchSessionIdNotFound);
        var error = known.Continue(request, withTopicIds);
        // Too large now: this request is answered, and the next one begins anew without a session.
        if (error == ErrorCode.None) Fits(known);
        return error == ErrorCode.None ? new FetchPlan(known, IsIncremental: true, known.InTurn()) : FetchPlan.Failed(error);
    }

    /// <summary>The partitions of a request without a session.</summary>
    private static List<FetchPartition> Once(FetchRequest request)
    {
        var partitions = new List<FetchPartition>(request.Topics.Count);
        foreach (var topic in request.Topics)
        {
            foreach (var asked in topic.Partitions)
            {
                var partition = new FetchPartition(new FetchKey(topic.Topic, topic.TopicId, asked.Partition));
                partition.Update(asked);
                partitions.Add(partition);
            }
        }
        return partitions;
    }

    private FetchSession? Find(int id)
    {
        lock (_lock)
        {
            if (!_byId.TryGetValue(id, out var node)) return null;
            node.Value.LastUsed = time.GetTimestamp();
            _byUse.Remove(node);
            _byUse.AddLast(node);
            return node.Value;
        }
    }

    private void Remove(int id)
    {
        lock (_lock)
        {
            if (!_byId.Remove(id, out var node)) return;
            _byUse.Remove(node);
            _partitions -= node.Value.Counted;
        }
    }

    private FetchSession? TryAdd(bool withTopicIds)
    {
        lock (_lock)
        {
            if (_byId.Count >= slots && !TryEvict()) return null;
            int id;
            do id = RandomNumberGenerator.GetInt32(1, int.MaxValue);
            while (_byId.ContainsKey(id));
            var session = new FetchSession(id, withTopicIds) { LastUsed = time.GetTimestamp() };
            _byId.Add(id, _byUse.AddLast(session));
            return session;
        }
    }

    /// <summary>Counts what a session has come to remember; false, and the session is gone, when that is too much for all of them together.</summary>
    private bool Fits(FetchSession session)
    {
        lock (_lock)
        {
            if (!_byId.ContainsKey(session.Id)) return true;
            _partitions += session.Count - session.Counted;
            session.Counted = session.Count;
            if (_partitions <= maxPartitions) return true;
        }
        Remove(session.Id);
        return false;
    }

    private bool TryEvict()
    {
        if (_byUse.First is not { } oldest || time.GetElapsedTime(oldest.Value.LastUsed) < KeptFor) return false;
        _byUse.RemoveFirst();
        _partitions -= oldest.Value.Counted;
        _byId.Remove(oldest.Value.Id);
        return true;
    }
}

/// <summary>What a fetch is going to read.</summary>
/// <param name="Session">Null when the broker is to remember nothing.</param>
/// <param name="IsIncremental">The answer leaves out what the client knows.</param>
/// <param name="Partitions">In the order in which they are read.</param>
/// <param name="Error">Of the request as a whole.</param>
internal sealed record FetchPlan(FetchSession? Session, bool IsIncremental, IReadOnlyList<FetchPartition> Partitions, ErrorCode Error = ErrorCode.None)
{
    public static FetchPlan Failed(ErrorCode error) => new(null, IsIncremental: false, [], error);
}
