using Garam.Faults.Histories;

namespace Garam.Faults.Checking;

/// <summary>What a group has committed stays committed, and is no more than what its members have read.</summary>
internal static class Groups
{
    /// <summary><c>commit-lost</c>: a committed offset is smaller than one that was acknowledged or shown before.</summary>
    public static IEnumerable<Anomaly> CommitsLost(History history)
    {
        var promised = new Dictionary<(string, Place), long>();
        var asked = new Dictionary<(string Client, string Group, string Topic), Dictionary<int, long>>();
        foreach (var line in history.Events.Where(line => line.Operation is Operation.Commit or Operation.Committed))
        {
            var question = (line.Client, line.Group!, line.Topic!);
            if (line is { Operation: Operation.Committed, Outcome: Outcome.Invoke })
            {
                asked[question] = promised.Where(one => one.Key.Item1 == line.Group && one.Key.Item2.Topic == line.Topic).ToDictionary(one => one.Key.Item2.Partition, one => one.Value);
                continue;
            }

            if (line.Outcome != Outcome.Ok)
            {
                continue;
            }

            foreach (var (partition, offset) in line.Offsets!)
            {
                var place = new Place(line.Topic!, partition);
                if (line.Operation == Operation.Committed && asked.GetValueOrDefault(question)?.GetValueOrDefault(partition, -1) is { } least && offset < least)
                {
                    yield return new Anomaly("commit-lost", $"{place}: group {line.Group} had committed {least}, and {line.Client} was told {offset}");
                }

                promised[(line.Group!, place)] = Math.Max(promised.GetValueOrDefault((line.Group!, place), -1), offset);
            }
        }
    }

    /// <summary>
    /// <c>commit-skip</c>: an offset was committed, or shown as committed, although a record below it was read by no member: nobody will ever be given it. A commit may not be
    /// further than the last record that was read, plus one.
    /// </summary>
    public static IEnumerable<Anomaly> CommitsBeyondReads(History history)
    {
        var groups = history.Events.Where(line => line.Operation is Operation.Commit && line.Group is not null).GroupBy(line => line.Client, line => line.Group!).ToDictionary(same => same.Key, same => same.First());
        var read = new Dictionary<(string, Place), HashSet<long>>();
        var reached = new Dictionary<(string Group, Place Place), long>();
        foreach (var line in history.Events)
        {
            if (line is { Operation: Operation.Poll, Outcome: Outcome.Ok } && groups.TryGetValue(line.Client, out var group))
            {
                foreach (var record in line.Records!)
                {
                    var key = (group, new Place(line.Topic!, record.Partition));
                    (read.TryGetValue(key, out var offsets) ? offsets : read[key] = []).Add(record.Offset);
                }
            }
            else if (line is { Operation: Operation.Commit or Operation.Committed, Outcome: Outcome.Ok })
            {
                foreach (var (partition, offset) in line.Offsets!)
                {
                    var key = (line.Group!, new Place(line.Topic!, partition));
                    for (var below = reached.GetValueOrDefault(key); below < offset; below++)
                    {
                        if (!read.GetValueOrDefault(key, []).Contains(below) && history.Keeps(key.Item2, Keeping.All))
                        {
                            yield return new Anomaly("commit-skip", $"{key.Item2}: group {line.Group} is at {offset}, and none of its members was given offset {below}");
                        }
                    }

                    reached[key] = Math.Max(reached.GetValueOrDefault(key), offset);
                }
            }
        }
    }
}
