using Garam.Faults.Histories;

namespace Garam.Faults.Checking;

/// <summary>What is at an offset is there for good, and the ends of a log move one way.</summary>
internal static class Offsets
{
    /// <summary><c>inconsistent-offsets</c>: two operations disagree on what is at an offset.</summary>
    public static IEnumerable<Anomaly> Inconsistent(History history)
    {
        var read = from one in history.Reads
                   select (one.Place, one.Record.Offset, one.Record.Value, Who: one.Client);
        var sent = from send in history.Sends
                   where send.Outcome == Outcome.Ok
                   select (send.Place, send.Offset, send.Value, Who: send.Client);
        return from one in read.Concat(sent)
               let known = history.Known[one.Place][one.Offset]
               where known != one.Value
               select new Anomaly("inconsistent-offsets", $"{one.Place} offset {one.Offset}: '{known}', and '{one.Value}' for {one.Who}");
    }

    /// <summary><c>gap</c>: an offset between two others that holds no record, in a topic that keeps all.</summary>
    public static IEnumerable<Anomaly> Missing(History history)
    {
        foreach (var (place, ends) in history.AuditedEnds().Where(audited => !history.Keeps(audited.Key, Keeping.Latest)))
        {
            var next = ends.Start;
            foreach (var offset in history.AuditedReads.Where(read => read.Place == place).Select(read => read.Record.Offset).Append(ends.High))
            {
                if (offset > next)
                {
                    yield return new Anomaly("gap", $"{place}: nothing at offsets {next} to {offset - 1}");
                }

                next = Math.Max(next, offset + 1);
            }
        }
    }

    /// <summary><c>ends</c>: start ≤ last stable ≤ high watermark ≤ end at every moment, and none of them ever moves back.</summary>
    public static IEnumerable<Anomaly> Ends(History history)
    {
        var before = new Dictionary<Place, LogEnds>();
        foreach (var (line, _) in history.Of(Operation.Ends, Outcome.Ok))
        {
            var (place, now) = (History.PlaceOf(line), line.Ends!);
            if (now.Start > now.Stable || now.Stable > now.High || now.High > now.End)
            {
                yield return new Anomaly("ends", $"{place}: {now} is in no order");
            }

            // Deleted records that nobody was told of may come back with a kill.
            if (before.TryGetValue(place, out var last) && ((now.Start < last.Start && !history.Keeps(place, Keeping.Tail)) || now.High < last.High || now.End < last.End))
            {
                yield return new Anomaly("ends", $"{place}: {now} after {last}");
            }

            before[place] = now;
        }
    }

    /// <summary><c>stale-watermark</c>: a record was acknowledged, and who asked afterwards was told of a high watermark below it.</summary>
    public static IEnumerable<Anomaly> Invisible(History history)
    {
        if (!history.Settings.AcknowledgedIsVisible)
        {
            yield break;
        }

        var acknowledged = new Dictionary<Place, long>();
        var demanded = new Dictionary<(string, Place), long>();
        foreach (var line in history.Events)
        {
            if (line is { Operation: Operation.Send, Outcome: Outcome.Ok })
            {
                var place = History.PlaceOf(line);
                acknowledged[place] = Math.Max(acknowledged.GetValueOrDefault(place, -1), line.Offset!.Value);
            }
            else if (line.Operation == Operation.Ends && line.Outcome == Outcome.Invoke)
            {
                demanded[(line.Client, History.PlaceOf(line))] = acknowledged.GetValueOrDefault(History.PlaceOf(line), -1);
            }
            else if (line.Operation == Operation.Ends && line.Outcome == Outcome.Ok && demanded.Remove((line.Client, History.PlaceOf(line)), out var offset) && line.Ends!.High <= offset)
            {
                yield return new Anomaly("stale-watermark", $"{History.PlaceOf(line)}: offset {offset} was acknowledged before {line.Client} asked, and was told {line.Ends}");
            }
        }
    }

    /// <summary><c>undeleted</c>: the deletion of records was acknowledged, and who asked afterwards was told of a log that begins before its end.</summary>
    public static IEnumerable<Anomaly> Undeleted(History history)
    {
        var deleted = new Dictionary<Place, long>();
        var demanded = new Dictionary<(string, Place), long>();
        foreach (var line in history.Events.Where(line => line.Operation is Operation.Trim or Operation.Ends))
        {
            var place = History.PlaceOf(line);
            if (line is { Operation: Operation.Trim, Outcome: Outcome.Ok })
            {
                deleted[place] = Math.Max(deleted.GetValueOrDefault(place), line.Offset!.Value);
            }
            else if (line is { Operation: Operation.Ends, Outcome: Outcome.Invoke })
            {
                demanded[(line.Client, place)] = deleted.GetValueOrDefault(place);
            }
            else if (line is { Operation: Operation.Ends, Outcome: Outcome.Ok } && demanded.GetValueOrDefault((line.Client, place)) is var offset && line.Ends!.Start < offset)
            {
                yield return new Anomaly("undeleted", $"{place}: everything below {offset} was deleted before {line.Client} asked, and was told {line.Ends}");
            }
        }
    }

    /// <summary><c>changed-batch</c>: the bytes of a batch are not those that were served before.</summary>
    public static IEnumerable<Anomaly> ChangedBatches(History history)
    {
        var before = new Dictionary<(Place, long), ServedBatch>();
        foreach (var (line, _) in history.Of(Operation.Batches, Outcome.Ok).Where(line => !history.Keeps(History.PlaceOf(line.Event), Keeping.Latest)))
        {
            foreach (var batch in line.Batches!)
            {
                var place = History.PlaceOf(line);
                if (!before.TryAdd((place, batch.First), batch) && before[(place, batch.First)] is var known && known != batch)
                {
                    yield return new Anomaly("changed-batch", $"{place} offset {batch.First}: {known}, and now {batch}");
                }
            }
        }
    }

    /// <summary><c>epoch-backwards</c>: the leader epoch of a record is smaller than that of one before it, or another one than it was.</summary>
    public static IEnumerable<Anomaly> Epochs(History history)
    {
        foreach (var place in history.Reads.Where(read => read.Record.Epoch is not null).GroupBy(read => read.Place))
        {
            var epochs = new SortedDictionary<long, int>();
            foreach (var record in place.Select(read => read.Record))
            {
                if (!epochs.TryAdd(record.Offset, record.Epoch!.Value) && epochs[record.Offset] != record.Epoch)
                {
                    yield return new Anomaly("epoch-backwards", $"{place.Key} offset {record.Offset}: epoch {epochs[record.Offset]}, and {record.Epoch}");
                }
            }

            foreach (var (earlier, later) in epochs.Zip(epochs.Skip(1)).Where(pair => pair.Second.Value < pair.First.Value))
            {
                yield return new Anomaly("epoch-backwards", $"{place.Key}: epoch {earlier.Value} at offset {earlier.Key}, and {later.Value} at {later.Key}");
            }
        }
    }
}
