using Garam.Messaging.Failures;

namespace Garam.Messaging.Endpoints;

/// <summary>A topic, its handler, and what to do when the handler fails.</summary>
public sealed class TopicEndpoint
{
    private readonly List<Type> _neverRetried = [];
    private readonly List<Type> _transient = [];

    internal TopicEndpoint(TopicGroup group, string topic, Delegate handler) => (Group, Topic, Handler) = (group, topic, handler);

    /// <summary>Name of the topic.</summary>
    public string Topic { get; }

    internal TopicGroup Group { get; }

    internal Delegate Handler { get; }

    internal int Lanes { get; private set; } = 1;

    internal RecordOrder Order { get; private set; } = RecordOrder.Key;

    internal int Retries { get; private set; } = 3;

    internal Backoff RetryBackoff { get; private set; } = Backoff.Steps(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));

    internal bool HasDeadLetters { get; private set; }

    internal IReadOnlyList<Type> NeverRetried => _neverRetried;

    internal IReadOnlyList<Type> Transients => _transient;

    /// <summary>Name of the topic that takes what could not be handled.</summary>
    internal string DeadLetterTopic => $"{Topic}.{Group.Name}.dlt";

    /// <summary>
    /// Handles up to <paramref name="lanes"/> records of each partition at a time. Default 1: a partition's records are handled
    /// one after the other.
    /// </summary>
    /// <param name="lanes">1-1,024.</param>
    /// <param name="by">Which records still wait for each other.</param>
    public TopicEndpoint WithConcurrency(int lanes, RecordOrder by = RecordOrder.Key)
    {
        (Lanes, Order) = (lanes, by);
        return this;
    }

    /// <summary>
    /// Tries a failed record again, up to <paramref name="retries"/> times; meanwhile only its lane waits. Default: 3 times, after
    /// 200 ms, 1 s and 5 s. Trouble with a dependency does not count: it is retried for as long as it lasts.
    /// </summary>
    public TopicEndpoint Retry(int retries, Backoff backoff)
    {
        ArgumentNullException.ThrowIfNull(backoff);
        (Retries, RetryBackoff) = (retries, backoff);
        return this;
    }

    /// <summary>Does not retry after a <typeparamref name="TException"/>: the next try would fail the same way.</summary>
    public TopicEndpoint Unless<TException>()
        where TException : Exception
    {
        _neverRetried.Add(typeof(TException));
        return this;
    }

    /// <summary>Takes <typeparamref name="TException"/> for trouble with a dependency, not with the record.</summary>
    public TopicEndpoint Transient<TException>()
        where TException : Exception
    {
        _transient.Add(typeof(TException));
        return this;
    }

    /// <summary>
    /// Writes what could not be handled to <c>{topic}.{group}.dlt</c>, unchanged, with headers that say why, and goes on.
    /// Without it the partition stops at such a record, and health says so.
    /// </summary>
    public TopicEndpoint DeadLetter()
    {
        HasDeadLetters = true;
        return this;
    }
}
