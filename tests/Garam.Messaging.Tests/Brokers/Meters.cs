using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Garam.Messaging.Tests.Brokers;

/// <summary>The numbers of one group, as a monitoring system would collect them.</summary>
public sealed class Meters : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counters = new();
    private readonly ConcurrentDictionary<string, long> _gauges = new();
    private readonly string _group;

    public Meters(string group)
    {
        _group = group;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Garam.Messaging")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (IsOurs(tags))
            {
                (instrument.IsObservable ? _gauges : _counters).AddOrUpdate(instrument.Name, value, (_, sum) => sum + value);
            }
        });
        _listener.Start();
    }

    public long Counter(string name) => _counters.GetValueOrDefault(name);

    /// <summary>Sum over the group's partitions, now.</summary>
    public long Gauge(string name)
    {
        _gauges.Clear();
        _listener.RecordObservableInstruments();
        return _gauges.GetValueOrDefault(name);
    }

    public void Dispose() => _listener.Dispose();

    private bool IsOurs(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
        {
            if (tag is { Key: "messaging.consumer.group.name", Value: string group } && group == _group)
            {
                return true;
            }
        }

        return false;
    }
}
