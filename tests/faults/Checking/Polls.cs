using Garam.Faults.Histories;

namespace Garam.Faults.Checking;

/// <summary>
/// What one reader sees of a partition between two assignments: every record, in order. An assignment says where it begins, or leaves that to the group;
/// it begins anew after a rebalance, so that what Kafka allows then is not counted.
/// </summary>
internal static class Polls
{
    /// <summary><c>poll-skip</c>: a record is known to be there, and the reader passed it by.</summary>
    public static IEnumerable<Anomaly> Skipped(History history) =>
        from step in Steps(history)
        where step.Read.Record.Offset > step.Before + 1 && history.Keeps(step.Read.Place, Keeping.All)
        let skipped = Between(history.Known[step.Read.Place], step.Before, step.Read.Record.Offset)
        where skipped > 0
        select new Anomaly("poll-skip", $"{step.Read.Place}: {step.Read.Client} went from offset {step.Before} to {step.Read.Record.Offset}, over {skipped} records");

    /// <summary><c>nonmonotonic-poll</c>: a reader was given a record again, or an earlier one.</summary>
    public static IEnumerable<Anomaly> Backwards(History history) =>
        from step in Steps(history)
        where step.Read.Record.Offset <= step.Before
        select new Anomaly("nonmonotonic-poll", $"{step.Read.Place}: {step.Read.Client} went from offset {step.Before} to {step.Read.Record.Offset}");

    private static IEnumerable<(Read Read, long Before)> Steps(History history)
    {
        var last = new Dictionary<(string, Place), long>();
        foreach (var line in history.Events)
        {
            if (line.Operation == Operation.Assign)
            {
                Begin(last, line);
            }
            else if (line.Operation == Operation.Poll && line.Outcome == Outcome.Ok)
            {
                foreach (var record in line.Records!)
                {
                    var read = new Read(line.Client, new Place(line.Topic!, record.Partition), record, 0);
                    if (last.TryGetValue((read.Client, read.Place), out var before))
                    {
                        yield return (read, before);
                    }

                    last[(read.Client, read.Place)] = record.Offset;
                }
            }
        }
    }

    private static void Begin(Dictionary<(string Client, Place Place), long> last, HistoryEvent assignment)
    {
        foreach (var known in last.Keys.Where(known => known.Client == assignment.Client && known.Place.Topic == assignment.Topic).ToList())
        {
            last.Remove(known);
        }

        foreach (var start in assignment.Offsets ?? [])
        {
            last[(assignment.Client, new Place(assignment.Topic!, start.Partition))] = start.Offset - 1;
        }
    }

    private static int Between(SortedList<long, string> known, long before, long after)
    {
        var skipped = 0;
        for (var offset = before + 1; offset < after; offset++)
        {
            skipped += known.ContainsKey(offset) ? 1 : 0;
        }

        return skipped;
    }
}
