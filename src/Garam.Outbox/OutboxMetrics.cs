using System.Diagnostics.Metrics;

namespace Garam.Outbox;

internal static class OutboxMetrics
{
    private static readonly Meter Meter = new("Garam.Outbox");

    public static readonly Histogram<double> Delay = Meter.CreateHistogram<double>(
        "garam.outbox.delay", "s", "From the writing of a message to the broker's acknowledgement");

    public static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "garam.outbox.failures", "{attempt}", "Attempts to send that failed and are repeated");

    public static readonly UpDownCounter<int> InFlight = Meter.CreateUpDownCounter<int>(
        "garam.outbox.in_flight", "{message}", "Messages that the relay has read and not removed yet");
}
