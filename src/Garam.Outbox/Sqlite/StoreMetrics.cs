using System.Diagnostics.Metrics;

namespace Garam.Outbox.Sqlite;

/// <summary>Figures of every store, tagged with the file's name.</summary>
internal static class StoreMetrics
{
    private static readonly Meter Meter = new("Garam.Outbox");

    public static readonly Histogram<double> CommitDuration = Meter.CreateHistogram<double>(
        "garam.store.commit.duration", "s", "From the first command of a batch to its commit on disk");

    public static readonly Counter<long> Commands = Meter.CreateCounter<long>(
        "garam.store.commands", "{command}", "Commands that were committed");
}
