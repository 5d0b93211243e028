using Garam.Faults.Checking;
using Garam.Faults.Histories;

namespace Garam.Faults.Tests;

/// <summary>Histories of a few lines, of the topics <c>all</c>, <c>latest</c> and <c>tail</c>, all in partition 0.</summary>
internal static class Handmade
{
    public const string All = "all", Latest = "latest", Tail = "tail", Group = "group";

    public static readonly RunSettings Settings = new()
    {
        Idempotent = true,
        AcknowledgedIsVisible = true,
        Topics = new Dictionary<string, Keeping> { [All] = Keeping.All, [Latest] = Keeping.Latest, [Tail] = Keeping.Tail },
    };

    /// <summary>The names of the anomalies in a history, which goes through its text and back first.</summary>
    public static IEnumerable<string> Check(params IEnumerable<HistoryEvent>[] parts) => CheckWith(Settings, parts);

    public static IEnumerable<string> CheckWith(RunSettings settings, params IEnumerable<HistoryEvent>[] parts)
    {
        var first = new HistoryEvent { Operation = Operation.Run, Outcome = Outcome.Ok, Settings = settings };
        var lines = parts.SelectMany(part => part).Prepend(first).Select(HistoryFile.Write).ToList();
        return Checker.Check(HistoryFile.Read(lines)).Select(anomaly => anomaly.Name).Distinct();
    }

    public static IEnumerable<HistoryEvent> Sent(string value, long offset, string topic = All, string? key = null, string client = "writer") =>
        [Sending(value, topic, key, client), Sending(value, topic, key, client) with { Outcome = Outcome.Ok, Offset = offset }];

    public static IEnumerable<HistoryEvent> Unsent(string value, Outcome outcome) =>
        [Sending(value, All, null, "writer"), Sending(value, All, null, "writer") with { Outcome = outcome }];

    public static HistoryEvent Sending(string value, string topic = All, string? key = null, string client = "writer") =>
        new() { Client = client, Operation = Operation.Send, Outcome = Outcome.Invoke, Topic = topic, Partition = 0, Key = key, Value = value };

    public static IEnumerable<HistoryEvent> Assigned(string client, long? start = 0) =>
        [new() { Client = client, Operation = Operation.Assign, Outcome = Outcome.Ok, Topic = All, Offsets = start is null ? null : [new PartitionOffset(0, start.Value)] }];

    public static IEnumerable<HistoryEvent> Polled(string client, params (long Offset, string Value)[] records) => PolledFrom(All, client, records);

    public static IEnumerable<HistoryEvent> PolledFrom(string topic, string client, params (long Offset, string Value)[] records) =>
        [new() { Client = client, Operation = Operation.Poll, Outcome = Outcome.Ok, Topic = topic, Records = [.. records.Select(record => new ReadRecord(0, record.Offset, record.Value))] }];

    public static IEnumerable<HistoryEvent> Audited(string topic, LogEnds ends, params (long Offset, string Value, string? Key)[] records) =>
    [
        .. Ended(ends, topic, History.Auditor),
        new() { Client = History.Auditor, Operation = Operation.Poll, Outcome = Outcome.Ok, Topic = topic, Records = [.. records.Select(record => new ReadRecord(0, record.Offset, record.Value) { Key = record.Key })] },
    ];

    public static IEnumerable<HistoryEvent> Ended(LogEnds ends, string topic = All, string client = "observer")
    {
        var asked = new HistoryEvent { Client = client, Operation = Operation.Ends, Outcome = Outcome.Invoke, Topic = topic, Partition = 0 };
        return [asked, asked with { Outcome = Outcome.Ok, Ends = ends }];
    }

    public static HistoryEvent Commit(Outcome outcome, long offset) =>
        new() { Client = "member", Group = Group, Operation = Operation.Commit, Outcome = outcome, Topic = All, Offsets = [new PartitionOffset(0, offset)] };

    public static HistoryEvent Committed(Outcome outcome, long offset) =>
        new() { Client = "observer", Group = Group, Operation = Operation.Committed, Outcome = outcome, Topic = All, Offsets = [new PartitionOffset(0, offset)] };

    public static HistoryEvent Lookup(long timestamp, long offset) =>
        new() { Client = "observer", Operation = Operation.Lookup, Outcome = Outcome.Ok, Topic = All, Partition = 0, Timestamp = timestamp, Offset = offset };

    public static HistoryEvent Topic(Operation operation, Outcome outcome, string? id = null, string retention = "1") =>
        new() { Client = "admin", Operation = operation, Outcome = outcome, Topic = "t", TopicId = id, Configs = new Dictionary<string, string> { ["retention.ms"] = retention } };
}
