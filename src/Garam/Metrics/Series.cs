namespace Garam.Metrics;

/// <summary>The values of one set of labels.</summary>
internal sealed class Series(double[] buckets)
{
    private readonly Lock _lock = new();
    private readonly long[] _counts = buckets.Length == 0 ? [] : new long[buckets.Length + 1];
    private double _sum;

    public void Add(double value)
    {
        lock (_lock)
            _sum += value;
    }

    public void Set(double value)
    {
        lock (_lock)
            _sum = value;
    }

    public void Observe(double value)
    {
        var bucket = Array.BinarySearch(buckets, value);
        lock (_lock)
        {
            _counts[bucket < 0 ? ~bucket : bucket]++;
            _sum += value;
        }
    }

    /// <summary>The value, or the sum of a histogram's values.</summary>
    public double Value
    {
        get { lock (_lock) return _sum; }
    }

    /// <summary>Upper bounds with the number of values at or below each, as Prometheus counts; the last is infinity.</summary>
    public (double Sum, IReadOnlyList<(double UpTo, long Count)> Buckets) Distribution()
    {
        lock (_lock)
        {
            long below = 0;
            return (_sum, [.. _counts.Select((count, i) => (i < buckets.Length ? buckets[i] : double.PositiveInfinity, below += count))]);
        }
    }
}
