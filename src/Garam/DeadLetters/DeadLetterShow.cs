using System.CommandLine;
using System.Text.Json.Serialization;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Operations;
using Garam.Operations.DeadLetters;
using Garam.Operations.Messages;
using Garam.Records;

namespace Garam.DeadLetters;

/// <summary><c>garam dlq show TOPIC [PARTITION:OFFSET]</c>: the letters of a topic, or one of them in full.</summary>
internal static class DeadLetterShow
{
    private const int UsualCount = 50;

    public static void AddTo(KafkaNoun noun)
    {
        var topic = KafkaNames.DeadLetterTopic(noun.Connection);
        var place = new Argument<RedriveSelection.Place?>("PARTITION:OFFSET")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "one letter, in full",
            CustomParser = result => Parsing.Checked(result, RedriveSelection.Place.Parse),
        };
        var where = RecordRange.WhereOption();
        var count = new Option<int?>("--count", "-n") { Description = "at most this many, the newest first; 50 if left out", HelpName = "N" };
        var all = new Option<bool>("--all") { Description = "those too that were sent back" };
        var stack = new Option<bool>("--stack") { Description = "of one letter, also where the exception was thrown" };
        noun.Verb("show", "Show the letters of a topic, or one of them with its reason, headers and value", [topic, place, where, count, all, stack], async (parsed, kafka, ct) =>
        {
            using var letters = new DeadLetterOperations(kafka);
            var name = parsed.GetRequiredValue(topic);
            if (parsed.GetValue(place) is { } at)
            {
                var letter = await FindAsync(letters, name, at, ct);
                Output.PrintOne(noun.Format(parsed), LetterDocument.Of(letter), output => Write(output, letter, parsed.GetValue(stack)));
                return ExitCode.Ok;
            }

            var found = new List<DeadLetter>();
            await foreach (var letter in letters.ReadAsync(name, parsed.GetValue(where), parsed.GetValue(count) ?? UsualCount, parsed.GetValue(all), ct))
                found.Add(letter);
            Print(noun.Format(parsed), found);
            return ExitCode.Ok;
        });
    }

    public static async Task<DeadLetter> FindAsync(DeadLetterOperations letters, string topic, RedriveSelection.Place place, CancellationToken ct) =>
        await letters.GetAsync(topic, place.Partition, place.Offset, ct)
        ?? throw new OperationException(FailureKind.NotFound, $"topic {topic} has no dead letter at {place}.");

    private static void Print(OutputFormat format, List<DeadLetter> letters)
    {
        if (format is not OutputFormat.Table)
            Output.Print(format, letters.ConvertAll(LetterDocument.Of));
        else
            Output.Print(format, letters,
                ("PLACE", Place), ("GIVEN UP", letter => letter.At), ("STATE", State), ("KEY", letter => RecordText.Line(letter.Record.Key, 40)),
                ("EXCEPTION", letter => DeadLetterCommands.ShortName(letter.Exception)), ("MESSAGE", letter => letter.Message));
    }

    private static void Write(TextWriter output, DeadLetter letter, bool withStack)
    {
        RecordSheet.Row(output, "letter", $"{letter.Record.Topic} {Place(letter)}, {State(letter)}");
        RecordSheet.Row(output, "from", letter.SourceTopic is null ? "not said" : $"{letter.SourceTopic} {letter.SourcePartition}:{letter.SourceOffset}");
        RecordSheet.Row(output, "group", letter.Group ?? "not said");
        RecordSheet.Row(output, "given up", $"{(letter.At is { } at ? TimeText.Of(at) : "not said")}{(letter.Attempts is { } attempts ? $", after {Words.Count(attempts, "attempt")}" : "")}");
        RecordSheet.Row(output, "why", $"{letter.Exception ?? "not said"}: {letter.Message}");
        if (withStack && letter.Stack is { } stack)
            foreach (var line in stack.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                RecordSheet.Row(output, "", line.TrimEnd('\r'));
        RecordSheet.Write(output, letter.Record, letter.OwnHeaders);
    }

    private static string Place(DeadLetter letter) => $"{letter.Record.Partition}:{letter.Record.Offset}";

    private static string State(DeadLetter letter) => letter.State is DeadLetterState.Open ? "open" : $"re-driven{(letter.Redriven?.To is { } to ? $" to {to}" : "")}";

    /// <summary>A letter for programs: what its headers say, and the record as <c>consume</c> writes it.</summary>
    private sealed record LetterDocument(
        string Topic, int Partition, long Offset, DeadLetterState State, string? SourceTopic, int? SourcePartition, long? SourceOffset, string? Group, int? Attempts,
        string? Exception, string? Message, string? Stack, DateTimeOffset? At, int Redrives, Redriven? Redriven,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] RecordLine Record)
    {
        public static LetterDocument Of(DeadLetter letter) => new(
            letter.Record.Topic, letter.Record.Partition, letter.Record.Offset, letter.State, letter.SourceTopic, letter.SourcePartition, letter.SourceOffset, letter.Group,
            letter.Attempts, letter.Exception, letter.Message, letter.Stack, letter.At, letter.Redrives, letter.Redriven, RecordLine.From(letter.Record));
    }
}
