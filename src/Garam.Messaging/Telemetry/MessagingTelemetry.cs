using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Garam.Messaging.Telemetry;

/// <summary>
/// The numbers and traces of messaging, under the one name <c>Garam.Messaging</c>. Names of instruments are part of the public
/// surface: docs/messaging.md lists them.
/// </summary>
internal sealed class MessagingTelemetry : IDisposable
{
    public const string Name = "Garam.Messaging";

    public static readonly ActivitySource Activities = new(Name);

    private readonly Meter _meter = new(Name);

    public MessagingTelemetry()
    {
        Produced = _meter.CreateCounter<long>("garam.messaging.produced", "{record}", "Records acknowledged.");
        ProduceFailed = _meter.CreateCounter<long>("garam.messaging.produce.failed", "{record}", "Records that were not acknowledged.");
        Handled = _meter.CreateCounter<long>("garam.messaging.handled", "{record}", "Records handled with success.");
        Failed = _meter.CreateCounter<long>("garam.messaging.failed", "{attempt}", "Attempts that failed.");
        Retried = _meter.CreateCounter<long>("garam.messaging.retried", "{attempt}", "Attempts after a failure.");
        DeadLettered = _meter.CreateCounter<long>("garam.messaging.dead_lettered", "{record}", "Records given up and written to a dead-letter topic.");
        Duration = _meter.CreateHistogram<double>("garam.messaging.process.duration", "s", "Time that one attempt took.");
    }

    public Counter<long> Produced { get; }

    public Counter<long> ProduceFailed { get; }

    public Counter<long> Handled { get; }

    public Counter<long> Failed { get; }

    public Counter<long> Retried { get; }

    public Counter<long> DeadLettered { get; }

    public Histogram<double> Duration { get; }

    /// <summary>A number that is looked at when somebody asks.</summary>
    public void Observe(string name, string unit, string description, Func<IEnumerable<Measurement<long>>> values) =>
        _meter.CreateObservableGauge(name, values, unit, description);

    public void Dispose() => _meter.Dispose();
}
