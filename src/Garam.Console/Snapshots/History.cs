namespace Garam.Console.Snapshots;

/// <summary>
/// What the console saw in the last fifteen minutes, one look every five seconds: a fixed ring, so that it costs the same after a month. It holds
/// what pages saw while somebody read them; where nobody looked there is a gap, and it is shown as one.
/// </summary>
internal sealed class History
{
    /// <summary>Places in the ring: fifteen minutes.</summary>
    public const int Length = 180;

    /// <summary>The time between two of them.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    // A rate over one step jumps with every batch; over half a minute it can be read.
    private const int RateSteps = 6;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Ring<long>> _topics = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Ring<long>> _groups = new(StringComparer.Ordinal);
    private long _now;

    public void Add(DateTimeOffset at, IEnumerable<TopicNow> topics, IEnumerable<GroupNow> groups)
    {
        var step = at.UtcTicks / Step.Ticks;
        lock (_lock)
        {
            if (step <= _now)
                return;
            _now = step;
            foreach (var topic in topics)
            {
                if (topic.End is { } end)
                    RingOf(_topics, topic.Name).Set(step, end);
            }

            foreach (var group in groups)
            {
                if (group.Lag is { } lag)
                    RingOf(_groups, group.Name).Set(step, lag);
            }

            Forget(_topics);
            Forget(_groups);
        }
    }

    /// <summary>Records per second over the last half minute; null where it was not looked twice.</summary>
    public double? Rate(string topic)
    {
        lock (_lock)
            return _topics.TryGetValue(topic, out var ring) ? RateAt(ring, _now, RateSteps) : null;
    }

    /// <summary>Records per second, oldest first, one for each fifteen seconds; null: nobody looked.</summary>
    public IReadOnlyList<double?> Rates(string topic)
    {
        const int stride = 3;
        lock (_lock)
        {
            return _topics.TryGetValue(topic, out var ring)
                ? [.. Enumerable.Range(1, Length / stride).Select(index => RateAt(ring, _now - Length + (index * stride), stride))]
                : [];
        }
    }

    /// <summary>Lag of a group, oldest first, one for each <see cref="Step"/>; null: nobody looked.</summary>
    public IReadOnlyList<double?> Lags(string group)
    {
        lock (_lock)
        {
            return _groups.TryGetValue(group, out var ring)
                ? [.. Enumerable.Range(1, Length).Select(index => (double?)ring.At(_now - Length + index))]
                : [];
        }
    }

    private static double? RateAt(Ring<long> ring, long step, int steps)
    {
        if (ring.At(step) is not { } last)
            return null;
        for (var before = step - steps; before < step; before++)
        {
            // Less than before: the topic was made anew.
            if (ring.At(before) is { } first)
                return last < first ? null : (last - first) / ((step - before) * Step.TotalSeconds);
        }

        return null;
    }

    private static Ring<T> RingOf<T>(Dictionary<string, Ring<T>> rings, string name) where T : struct
    {
        if (!rings.TryGetValue(name, out var ring))
            rings[name] = ring = new Ring<T>();
        return ring;
    }

    // What has not been there for the whole time is gone.
    private void Forget<T>(Dictionary<string, Ring<T>> rings) where T : struct
    {
        foreach (var (name, ring) in rings)
        {
            if (_now - ring.Newest >= Length)
                rings.Remove(name);
        }
    }

    private sealed class Ring<T> where T : struct
    {
        private readonly (long Step, T Value)[] _places = new (long, T)[Length];

        public long Newest { get; private set; }

        public void Set(long step, T value)
        {
            _places[step % Length] = (step, value);
            Newest = step;
        }

        public T? At(long step)
        {
            var (at, value) = _places[((step % Length) + Length) % Length];
            return at == step ? value : null;
        }
    }
}
