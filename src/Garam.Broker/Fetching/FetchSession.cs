using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Fetching;

/// <summary>
/// What one client fetches, remembered between its requests (KIP-227): a request names only what changed, an answer only what is new.
/// Only one of its requests is under way unless the client breaks the rules.
/// </summary>
internal sealed class FetchSession(int id, bool usesTopicIds)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<FetchKey, FetchPartition> _byKey = [];
    private readonly List<FetchPartition> _partitions = [];
    private int _first;
    private int _nextEpoch = 1;

    public int Id { get; } = id;

    /// <summary>When it was last used; kept by the cache.</summary>
    public long LastUsed { get; set; }

    /// <summary>How many partitions the cache has counted for it; kept by the cache.</summary>
    public int Counted { get; set; }

    /// <summary>How many partitions it remembers.</summary>
    public int Count
    {
        get { lock (_lock) return _partitions.Count; }
    }

    /// <summary>Takes the changes that a request brings. Anything but None leaves the session as it was.</summary>
    public ErrorCode Continue(FetchRequest request, bool withTopicIds)
    {
        lock (_lock)
        {
            if (request.SessionEpoch != _nextEpoch) return ErrorCode.InvalidFetchSessionEpoch;
            if (withTopicIds != usesTopicIds) return ErrorCode.FetchSessionTopicIdError;
            _nextEpoch = _nextEpoch == int.MaxValue ? 1 : _nextEpoch + 1;
            Take(request);
            return ErrorCode.None;
        }
    }

    /// <summary>Adds and changes what the request names, and drops what it forgets.</summary>
    public void Take(FetchRequest request)
    {
        lock (_lock)
        {
            Forget(request.ForgottenTopicsData);
            foreach (var topic in request.Topics)
            {
                foreach (var asked in topic.Partitions) GetOrAdd(new FetchKey(topic.Topic, topic.TopicId, asked.Partition)).Update(asked);
            }
        }
    }

    /// <summary>The partitions in the order in which they are to be read.</summary>
    public FetchPartition[] InTurn()
    {
        lock (_lock)
        {
            if (_first >= _partitions.Count) _first = 0;
            var turn = new FetchPartition[_partitions.Count];
            _partitions.CopyTo(_first, turn, 0, _partitions.Count - _first);
            _partitions.CopyTo(0, turn, _partitions.Count - _first, _first);
            return turn;
        }
    }

    /// <summary>The answer had no room for <paramref name="partition"/>: it comes first next time, so that nobody starves behind a busy one.</summary>
    public void StartNextWith(FetchPartition partition)
    {
        lock (_lock) _first = Math.Max(0, _partitions.IndexOf(partition));
    }

    private FetchPartition GetOrAdd(FetchKey key)
    {
        if (_byKey.TryGetValue(key, out var partition)) return partition;
        partition = new FetchPartition(key);
        _byKey.Add(key, partition);
        _partitions.Add(partition);
        return partition;
    }

    /// <summary>In one sweep: one by one, a client that forgets many partitions would keep a thread for minutes.</summary>
    private void Forget(List<FetchRequest.ForgottenTopic> forgotten)
    {
        var gone = new HashSet<FetchPartition>();
        foreach (var topic in forgotten)
        {
            foreach (var index in topic.Partitions)
            {
                if (_byKey.Remove(new FetchKey(topic.Topic, topic.TopicId, index), out var partition)) gone.Add(partition);
            }
        }
        if (gone.Count > 0) _partitions.RemoveAll(gone.Contains);
    }
}
