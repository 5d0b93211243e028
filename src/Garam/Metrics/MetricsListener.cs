using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Garam.Metrics;

/// <summary>
/// Collects what this process measures with <see cref="System.Diagnostics.Metrics"/>: the meters of Garam, of the web server and of the
/// runtime. Holds no more than a bounded number of series, whatever labels come.
/// </summary>
internal sealed class MetricsListener : IDisposable
{
    private static readonly string[] Meters = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    private readonly ConcurrentDictionary<Instrument, Metric> _metrics = new();
    private readonly MeterListener _listener = new();
    private readonly Lock _scrape = new();

    public MetricsListener()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith("Garam", StringComparison.Ordinal) || Meters.Contains(instrument.Meter.Name))
                listener.EnableMeasurementEvents(instrument, _metrics.GetOrAdd(instrument, Metric.For));
        };
        _listener.MeasurementsCompleted = (instrument, state) => _metrics.TryRemove(instrument, out _);
        _listener.SetMeasurementEventCallback<byte>((_, value, labels, metric) => ((Metric)metric!).Record(value, labels));
        _listener.SetMeasurementEventCallback<short>((_, value, labels, metric) => ((Metric)metric!).Record(value, labels));
        _listener.SetMeasurementEventCallback<int>((_, value, labels, metric) => ((Metric)metric!).Record(value, labels));
        _listener.SetMeasurementEventCallback<long>((_, value, labels, metric) => ((Metric)metric!).Record(value, labels));
        _listener.SetMeasurementEventCallback<float>((_, value, labels, metric) => ((Metric)metric!).Record(value, labels));
        _listener.SetMeasurementEventCallback<double>((_, value, labels, metric) => ((Metric)metric!).Record(value, labels));
        _listener.SetMeasurementEventCallback<decimal>((_, value, labels, metric) => ((Metric)metric!).Record((double)value, labels));
        _listener.Start();
    }

    /// <summary>Writes every series as it is now, in the text format of Prometheus.</summary>
    public void WriteTo(TextWriter output)
    {
        lock (_scrape)
        {
            foreach (var metric in _metrics.Values)
                metric.BeforeObservation();
            _listener.RecordObservableInstruments();

            // Two meters may measure under one name; the format wants a name's samples together.
            foreach (var family in _metrics.Values.GroupBy(metric => metric.Name).OrderBy(family => family.Key, StringComparer.Ordinal))
                PrometheusText.Write(output, family.Key, [.. family]);
        }
    }

    public void Dispose() => _listener.Dispose();
}
