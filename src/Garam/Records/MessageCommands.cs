using System.CommandLine;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Operations.Messages;
using Garam.Operations.Topics;

namespace Garam.Records;

/// <summary><c>garam message show|journey|resend TOPIC PARTITION OFFSET</c>: one record, on any Kafka.</summary>
internal static class MessageCommands
{
    public static Command Create()
    {
        var noun = new KafkaNoun("message", "Look at one record, follow it, or send it again, on any Kafka");
        AddShow(noun);
        AddJourney(noun);
        AddResend(noun);
        return noun.Command;
    }

    private static void AddShow(KafkaNoun noun)
    {
        var place = new RecordPlace(noun.Connection);
        noun.Verb("show", "Show a record: its headers, key and value", place.Arguments, async (parsed, kafka, ct) =>
        {
            using var messages = new MessageOperations(kafka);
            var record = await place.ReadAsync(parsed, messages, ct);
            Output.PrintOne(noun.Format(parsed), RecordLine.From(record), output => RecordSheet.Write(output, record, record.Headers));
            return ExitCode.Ok;
        });
    }

    private static void AddJourney(KafkaNoun noun)
    {
        var place = new RecordPlace(noun.Connection);
        noun.Verb("journey", "Follow a record: groups that have read it, and records that came of it", place.Arguments, async (parsed, kafka, ct) =>
        {
            using var messages = new MessageOperations(kafka);
            var record = await place.ReadAsync(parsed, messages, ct);
            var (steps, looked) = (new List<JourneyRow>(), default(JourneyStep.Looked));
            await foreach (var step in messages.JourneyAsync(record, ct))
            {
                if (JourneyRow.Of(step) is { } row)
                    steps.Add(row);
                looked = step as JourneyStep.Looked ?? looked;
            }

            Output.Print(noun.Format(parsed), steps, ("WHAT", row => row.What), ("WHERE", row => row.Where), ("AFTER", row => row.After), ("DETAIL", row => row.Detail));
            if (looked is not null)
                Talk.Say(looked.Summary.English);
            return ExitCode.Ok;
        });
    }

    private static void AddResend(KafkaNoun noun)
    {
        var place = new RecordPlace(noun.Connection);
        var to = new Option<string?>("--to") { Description = "topic to write to; that of the record if left out", HelpName = "TOPIC" }.OfTopics(noun.Connection);
        var change = new Change();
        var verb = noun.Verb("resend", "Write a record again, with its key, value and headers, as of now", [.. place.Arguments, to, noun.Connection.AllowInternal], async (parsed, kafka, ct) =>
        {
            using var messages = new MessageOperations(kafka);
            var record = await place.ReadAsync(parsed, messages, ct);
            var target = parsed.GetValue(to) ?? record.Topic;
            await new TopicOperations(kafka).EnsureExistsAsync(target, create: false, ct);
            if (!change.IsApproved(parsed, $"write the record {record.Place} to topic {target} once more, for all who read that"))
                return ExitCode.Ok;
            var written = await messages.ProduceAsync(new NewRecord(target, record.Key, record.Value) { Headers = record.Headers }, ct);
            Output.PrintOne(noun.Format(parsed), written, output => output.WriteLine(written.ToString()));
            return ExitCode.Ok;
        });
        change.AddTo(verb);
    }

    /// <summary>A step as a row, and as a document.</summary>
    private sealed record JourneyRow(string What, string Where, TimeSpan? After, string Detail)
    {
        public static JourneyRow? Of(JourneyStep step) => step switch
        {
            JourneyStep.ReadBy read => new("group", read.Group, null, $"{read.State}, {(read.Passed ? "done with it" : "has not done it yet")}, committed {(read.Committed is { } offset ? $"{offset}" : "nothing")}"),
            JourneyStep.Found found => new(found.Link.ToString().ToLowerInvariant(), found.Record.Place.ToString(), found.After, RecordText.Line(found.Record.Value, 80)),
            _ => null,
        };
    }
}
