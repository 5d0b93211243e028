using Garam.Faults.Histories;

namespace Garam.Faults.Checking;

/// <summary>A whole history, and what every rule wants to know of it.</summary>
internal sealed class History
{
    /// <summary>The reader that comes last, when nothing is done to the broker any more, and reads everything.</summary>
    public const string Auditor = "audit";

    public History(IEnumerable<HistoryEvent> events)
    {
        Events = [.. events];
        Settings = Events.FirstOrDefault(line => line.Operation == Operation.Run)?.Settings ?? new RunSettings();
        Sends = [.. CollectSends()];
        Reads = [.. CollectReads()];
        Known = CollectKnown();
    }

    public IReadOnlyList<HistoryEvent> Events { get; }

    public RunSettings Settings { get; }

    public IReadOnlyList<Send> Sends { get; }

    public IReadOnlyList<Read> Reads { get; }

    /// <summary>What is known to have been at each offset, by reads and by acknowledgements: the first that was said of it.</summary>
    public IReadOnlyDictionary<Place, SortedList<long, string>> Known { get; }

    public IEnumerable<Read> AuditedReads => Reads.Where(read => read.Client == Auditor);

    /// <summary>Topics that are no part of the promise are kept by nobody.</summary>
    public bool Keeps(Place place, Keeping keeping) => Settings.Topics.TryGetValue(place.Topic, out var kept) && kept == keeping;

    /// <summary>Where the auditor found the log of a partition to begin; null when it was not audited.</summary>
    public IReadOnlyDictionary<Place, LogEnds> AuditedEnds() =>
        Of(Operation.Ends, Outcome.Ok).Where(line => line.Event.Client == Auditor).GroupBy(line => PlaceOf(line.Event)).ToDictionary(same => same.Key, same => same.Last().Event.Ends!);

    public IEnumerable<(HistoryEvent Event, int Line)> Of(Operation operation, Outcome outcome) => Of(operation).Where(line => line.Event.Outcome == outcome);

    public IEnumerable<(HistoryEvent Event, int Line)> Of(Operation operation) =>
        Events.Select((line, index) => (Event: line, Line: index)).Where(line => line.Event.Operation == operation);

    public static Place PlaceOf(HistoryEvent line) => new(line.Topic!, line.Partition!.Value);

    private IEnumerable<Send> CollectSends()
    {
        var open = new Dictionary<string, (HistoryEvent Event, int Line)>();
        foreach (var (line, index) in Of(Operation.Send))
        {
            if (line.Outcome == Outcome.Invoke)
            {
                open.Add(line.Value!, (line, index));
            }
            else if (open.Remove(line.Value!, out var begun))
            {
                yield return SendOf(begun, line.Outcome, line.Offset ?? -1, index);
            }
        }

        foreach (var begun in open.Values)
        {
            yield return SendOf(begun, Outcome.Info, -1, int.MaxValue);
        }
    }

    private static Send SendOf((HistoryEvent Event, int Line) begun, Outcome outcome, long offset, int end) =>
        new(begun.Event.Client, PlaceOf(begun.Event), begun.Event.Key, begun.Event.Value!, begun.Event.Timestamp, outcome, offset, begun.Line, end);

    private IEnumerable<Read> CollectReads() =>
        from line in Of(Operation.Poll, Outcome.Ok)
        from record in line.Event.Records!
        select new Read(line.Event.Client, new Place(line.Event.Topic!, record.Partition), record, line.Line);

    private Dictionary<Place, SortedList<long, string>> CollectKnown()
    {
        var said = Reads.Select(read => (read.Place, read.Record.Offset, read.Record.Value))
            .Concat(Sends.Where(send => send.Outcome == Outcome.Ok).Select(send => (send.Place, send.Offset, send.Value)));
        var known = new Dictionary<Place, SortedList<long, string>>();
        foreach (var place in said.GroupBy(one => one.Place))
        {
            known[place.Key] = new SortedList<long, string>(place.DistinctBy(one => one.Offset).ToDictionary(one => one.Offset, one => one.Value));
        }

        return known;
    }
}
