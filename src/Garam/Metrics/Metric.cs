using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Garam.Metrics;

/// <summary>An instrument and its series, one for each set of labels that was seen.</summary>
internal sealed class Metric
{
    /// <summary>Labels beyond this number of sets share one series: a mistake in a label must not fill the memory.</summary>
    internal const int MaxSeries = 1_000;

    private static readonly double[] DefaultBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly KeyValuePair<string, object?>[] Overflow = [new("overflow", "true")];

    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series> _series = new(LabelComparer.Instance);
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _lookup;
    private readonly bool _observable;
    private readonly double[] _buckets = [];

    private Metric(Instrument instrument)
    {
        _lookup = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        _observable = instrument.IsObservable;
        Kind = KindOf(instrument.GetType().Name);
        Name = PrometheusText.NameOf(instrument.Name, instrument.Unit, Kind);
        Help = instrument.Description ?? "";
        if (Kind is MetricKind.Histogram)
            _buckets = instrument is Histogram<double> { Advice.HistogramBucketBoundaries: { Count: > 0 } advised } ? [.. advised] : DefaultBuckets;
    }

    public string Name { get; }

    public string Help { get; }

    public MetricKind Kind { get; }

    public IEnumerable<KeyValuePair<KeyValuePair<string, object?>[], Series>> Series => _series;

    public static Metric For(Instrument instrument) => new(instrument);

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var series = Find(labels);
        if (Kind is MetricKind.Histogram)
            series.Observe(value);
        else if (_observable)
            series.Set(value);
        else if (Kind is MetricKind.Gauge)
            series.Set(value);
        else
            series.Add(value);
    }

    /// <summary>What is observed no more (a partition that moved away) must not be shown with its last value for ever.</summary>
    public void BeforeObservation()
    {
        if (_observable)
            _series.Clear();
    }

    // The usual way allocates nothing: the labels are looked up as the span that they came in.
    private Series Find(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        if (_lookup.TryGetValue(labels, out var series))
            return series;
        var key = _series.Count < MaxSeries ? labels.ToArray() : Overflow;
        return _series.GetOrAdd(key, _ => new Series(_buckets));
    }

    private static MetricKind KindOf(string type) => type switch
    {
        _ when type.StartsWith("Histogram", StringComparison.Ordinal) => MetricKind.Histogram,
        _ when type.StartsWith("Counter", StringComparison.Ordinal) || type.StartsWith("ObservableCounter", StringComparison.Ordinal) => MetricKind.Counter,
        _ when type.StartsWith("UpDownCounter", StringComparison.Ordinal) => MetricKind.Sum,
        _ => MetricKind.Gauge,
    };

    private sealed class LabelComparer
        : IEqualityComparer<KeyValuePair<string, object?>[]>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, KeyValuePair<string, object?>[]>
    {
        public static readonly LabelComparer Instance = new();

        public KeyValuePair<string, object?>[] Create(ReadOnlySpan<KeyValuePair<string, object?>> labels) => labels.ToArray();

        public bool Equals(KeyValuePair<string, object?>[]? left, KeyValuePair<string, object?>[]? right) => Equals(left.AsSpan(), right!);

        public int GetHashCode(KeyValuePair<string, object?>[] labels) => GetHashCode(labels.AsSpan());

        public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> left, KeyValuePair<string, object?>[] right)
        {
            if (left.Length != right.Length)
                return false;
            for (var i = 0; i < left.Length; i++)
                if (left[i].Key != right[i].Key || !Equals(left[i].Value, right[i].Value))
                    return false;
            return true;
        }

        public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> labels)
        {
            var hash = new HashCode();
            foreach (var (key, value) in labels)
            {
                hash.Add(key);
                hash.Add(value);
            }

            return hash.ToHashCode();
        }
    }
}

/// <summary>How the values of a metric relate to each other.</summary>
internal enum MetricKind
{
    /// <summary>A total that only grows.</summary>
    Counter,

    /// <summary>A total that grows and shrinks; shown as a gauge.</summary>
    Sum,

    /// <summary>A value as of now.</summary>
    Gauge,

    /// <summary>How often values fell into which range.</summary>
    Histogram,
}
