using Garam.Faults.Histories;

namespace Garam.Faults.Checking;

/// <summary>The first offset at or after a time: of what is kept for good, the answer is for good, too.</summary>
internal static class Lookups
{
    /// <summary><c>inconsistent-lookup</c>: the same question had two answers.</summary>
    public static IEnumerable<Anomaly> Inconsistent(History history) =>
        from same in Answers(history).GroupBy(line => (Place: History.PlaceOf(line), line.Timestamp))
        let answers = same.Select(line => line.Offset).Distinct().ToList()
        where answers.Count > 1
        select new Anomaly("inconsistent-lookup", $"{same.Key.Place}: time {same.Key.Timestamp} is at offsets {string.Join(" and ", answers)}");

    /// <summary><c>wrong-lookup</c>: the auditor found an earlier record of that time, or none of that time at that offset.</summary>
    public static IEnumerable<Anomaly> Wrong(History history)
    {
        var logs = history.AuditedReads.Where(read => read.Record.Timestamp is not null).GroupBy(read => read.Place)
            .ToDictionary(same => same.Key, same => same.Select(read => read.Record).OrderBy(record => record.Offset).ToList());
        return from line in Answers(history)
               where logs.ContainsKey(History.PlaceOf(line))
               let first = logs[History.PlaceOf(line)].Find(record => record.Timestamp >= line.Timestamp)?.Offset
               where first != line.Offset
               select new Anomaly("wrong-lookup", $"{History.PlaceOf(line)}: the first record at time {line.Timestamp} is at {first}; {line.Client} was told {line.Offset}");
    }

    private static IEnumerable<HistoryEvent> Answers(History history) =>
        history.Of(Operation.Lookup, Outcome.Ok).Select(line => line.Event).Where(line => line.Offset >= 0 && history.Keeps(History.PlaceOf(line), Keeping.All));
}
