using Garam.Faults.Histories;

namespace Garam.Faults.Checking;

/// <summary>Finds in a history what a broker that keeps its promises could not have caused. It sees nothing but the history.</summary>
internal static class Checker
{
    private static readonly Func<History, IEnumerable<Anomaly>>[] Rules =
    [
        Writes.Lost, Writes.Aborted, Writes.FromNowhere, Writes.Doubled, Writes.OutOfOrder, Writes.Gone,
        Offsets.Inconsistent, Offsets.Missing, Offsets.Ends, Offsets.Invisible, Offsets.Undeleted, Offsets.ChangedBatches, Offsets.Epochs,
        Polls.Skipped, Polls.Backwards,
        Groups.CommitsLost, Groups.CommitsBeyondReads,
        Lookups.Inconsistent, Lookups.Wrong,
        Topics.Forgotten, Topics.Changed, Topics.Undead,
        Waits.InVain,
    ];

    public static IReadOnlyList<Anomaly> Check(IEnumerable<HistoryEvent> events)
    {
        var history = new History(events);
        return [.. Rules.SelectMany(rule => rule(history))];
    }
}
