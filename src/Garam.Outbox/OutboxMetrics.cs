using System.Diagnostics.Metrics;

namespace Garam.Outbox;

/// <summary>Figures of all outboxes; those of one outbox are in <see cref="OutboxStatus"/>.</summary>
internal static class OutboxMetrics
{
    public const string MeterName = "Garam.Outbox";

    private static readonly Meter Meter = new(MeterName);

    public static readonly Histogram<double> Delay = Meter.CreateHistogram<double>(
        "garam.outbox.delay", "s", "From the writing of a message to the broker's acknowledgement");

    public static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "garam.outbox.failures", "{attempt}", "Attempts to send that failed and are repeated");

    public static readonly Counter<long> SetAside = Meter.CreateCounter<long>(
        "garam.outbox.set_aside", "{message}", "Messages that were found to be undeliverable and set aside");
}
