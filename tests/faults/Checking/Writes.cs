using Garam.Faults.Histories;

namespace Garam.Faults.Checking;

/// <summary>What must be in the log, what must not, and in which order.</summary>
internal static class Writes
{
    /// <summary>
    /// <c>lost-write</c>: acknowledged, at or below the highest offset that anybody has read, and read by nobody. <c>unseen</c>: the same above that offset.
    /// Demanded of topics that keep all, and of the kept part of those that keep a tail.
    /// </summary>
    public static IEnumerable<Anomaly> Lost(History history)
    {
        var read = history.Reads.Select(one => (one.Place, one.Record.Value)).ToHashSet();
        var highest = history.Reads.GroupBy(one => one.Place).ToDictionary(same => same.Key, same => same.Max(one => one.Record.Offset));
        var ends = history.AuditedEnds();
        return from send in history.Sends
               where send.Outcome == Outcome.Ok && !read.Contains((send.Place, send.Value)) && MustBeThere(history, ends, send.Place, send.Offset)
               let name = send.Offset <= highest.GetValueOrDefault(send.Place, -1) ? "lost-write" : "unseen"
               select new Anomaly(name, $"{send.Place} offset {send.Offset}: '{send.Value}' was acknowledged to {send.Client} and read by nobody");
    }

    /// <summary><c>lost-write</c>, too: what was acknowledged or read once, and is not there for the auditor. Of compacted topics: the latest of each key.</summary>
    public static IEnumerable<Anomaly> Gone(History history)
    {
        var ends = history.AuditedEnds();
        var audited = history.AuditedReads.Select(read => (read.Place, read.Record.Offset)).ToHashSet();
        var gone = from place in history.Known
                   where ends.ContainsKey(place.Key)
                   from record in place.Value
                   where MustBeThere(history, ends, place.Key, record.Key) && !audited.Contains((place.Key, record.Key))
                   select new Anomaly("lost-write", $"{place.Key} offset {record.Key}: '{record.Value}' was there once, and is gone");
        return gone.Concat(LatestGone(history, ends));
    }

    /// <summary><c>G1a</c>: somebody read what its writer was told would never be there.</summary>
    public static IEnumerable<Anomaly> Aborted(History history)
    {
        var failed = history.Sends.Where(send => send.Outcome == Outcome.Fail).Select(send => (send.Place, send.Value)).ToHashSet();
        return from read in history.Reads
               where failed.Contains((read.Place, read.Record.Value))
               select new Anomaly("G1a", $"{read.Place} offset {read.Record.Offset}: {read.Client} read '{read.Record.Value}', whose send had failed");
    }

    /// <summary><c>phantom</c>: somebody read what nobody wrote there.</summary>
    public static IEnumerable<Anomaly> FromNowhere(History history)
    {
        var sent = history.Sends.Select(send => (send.Place, send.Value)).ToHashSet();
        return from read in history.Reads
               where !sent.Contains((read.Place, read.Record.Value))
               select new Anomaly("phantom", $"{read.Place} offset {read.Record.Offset}: {read.Client} read '{read.Record.Value}', which nobody sent there");
    }

    /// <summary><c>duplicate</c>: one value at two offsets, although its producer is idempotent.</summary>
    public static IEnumerable<Anomaly> Doubled(History history)
    {
        if (!history.Settings.Idempotent)
        {
            return [];
        }

        return from place in history.Known
               from same in place.Value.GroupBy(record => record.Value)
               where same.Count() > 1
               select new Anomaly("duplicate", $"{place.Key}: '{same.Key}' is at offsets {string.Join(" and ", same.Select(record => record.Key))}");
    }

    /// <summary><c>nonmonotonic-send</c>: a client's later send came to lie before an earlier one. Only idempotent producers keep the order when they try again.</summary>
    public static IEnumerable<Anomaly> OutOfOrder(History history)
    {
        if (!history.Settings.Idempotent)
        {
            yield break;
        }

        foreach (var line in history.Sends.Where(send => send.Outcome == Outcome.Ok).GroupBy(send => (send.Client, send.Place)))
        {
            var before = -1L;
            foreach (var send in line.OrderBy(send => send.Begin))
            {
                if (send.Offset < before)
                {
                    yield return new Anomaly("nonmonotonic-send", $"{send.Place}: '{send.Value}' of {send.Client} got offset {send.Offset} after {before}");
                }

                before = Math.Max(before, send.Offset);
            }
        }
    }

    private static bool MustBeThere(History history, IReadOnlyDictionary<Place, LogEnds> ends, Place place, long offset) =>
        history.Keeps(place, Keeping.All) || (history.Keeps(place, Keeping.Tail) && ends.TryGetValue(place, out var audited) && offset >= audited.Start);

    private static IEnumerable<Anomaly> LatestGone(History history, IReadOnlyDictionary<Place, LogEnds> ends)
    {
        var newest = history.AuditedReads.Where(read => history.Keeps(read.Place, Keeping.Latest))
            .GroupBy(read => (read.Place, read.Record.Key)).ToDictionary(same => same.Key, same => same.Max(read => read.Record.Offset));
        return from send in history.Sends
               where send.Outcome == Outcome.Ok && history.Keeps(send.Place, Keeping.Latest) && ends.ContainsKey(send.Place)
               where newest.GetValueOrDefault((send.Place, send.Key), -1) < send.Offset
               select new Anomaly("lost-write", $"{send.Place} offset {send.Offset}: '{send.Value}' was acknowledged, and neither it nor a later record of key '{send.Key}' is there");
    }
}
