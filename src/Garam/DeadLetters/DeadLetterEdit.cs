using System.CommandLine;
using System.Text;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Messaging.Producing;
using Garam.Operations.DeadLetters;
using Garam.Operations.Messages;
using Garam.Records;

namespace Garam.DeadLetters;

/// <summary>
/// <c>garam dlq edit TOPIC PARTITION:OFFSET</c>: corrects a letter and sends it back. The letter stays as it was: what is sent is a new record.
/// On a terminal, where nothing says what to change, the value opens in the user's editor.
/// </summary>
internal static class DeadLetterEdit
{
    private static readonly Option<string?> Key = new("--key", "-k") { Description = "another key", HelpName = "KEY" };
    private static readonly Option<string?> Value = new("--value", "-V") { Description = "another value", HelpName = "TEXT" };
    private static readonly Option<string?> ValueFile = new("--value-file") { Description = "another value, the bytes of a file; - is stdin", HelpName = "FILE" };
    private static readonly Option<string[]> Set = new("--header", "-H") { Description = "set a header", HelpName = "NAME=VALUE" };
    private static readonly Option<string[]> Remove = new("--remove-header") { Description = "leave a header out", HelpName = "NAME" };
    private static readonly Option<RecordInput?> Input = Choice.Option<RecordInput>("--input", "-i", "ndjson: stdin is one line as consume writes it, whose key, value and headers replace those of the letter");
    private static readonly Option<bool> Force = new("--force") { Description = "send it even if its value was JSON and is no more" };

    public static void AddTo(KafkaNoun noun)
    {
        var topic = KafkaNames.DeadLetterTopic(noun.Connection);
        var place = new Argument<RedriveSelection.Place>("PARTITION:OFFSET") { Description = "the letter", CustomParser = result => Parsing.Checked(result, RedriveSelection.Place.Parse)! };
        var to = DeadLetterRedrive.ToOption(noun);
        var change = new Change();
        NameValue.Require(Set);
        var verb = noun.Verb("edit", "Correct a letter, see the difference, and send it back", [topic, place, Key, Value, ValueFile, Set, Remove, Input, Force, to], async (parsed, kafka, ct) =>
        {
            using var letters = new DeadLetterOperations(kafka);
            var (name, at) = (parsed.GetRequiredValue(topic), parsed.GetRequiredValue(place));
            var letter = await DeadLetterShow.FindAsync(letters, name, at, ct);
            var edit = await EditAsync(parsed, LetterEdit.Of(letter), ct);
            var plan = await letters.PlanAsync(name, at, edit with { Force = parsed.GetValue(Force) }, parsed.GetValue(to), ct);
            return await DeadLetterRedrive.SendAsync(noun.Format(parsed), parsed, letters, plan, change, ct);
        });
        verb.AddCheck(result =>
        {
            if (result.GetValue(Value) is not null && result.GetValue(ValueFile) is not null)
                result.AddError("--value and --value-file exclude each other.");
            if (result.GetValue(Input) is { } input && (input is not RecordInput.Ndjson || IsChanged(result)))
                result.AddError("--input is ndjson here, and excludes --key, --value, --value-file, --header and --remove-header: the line has all of the record.");
            if (!IsChanged(result) && result.GetValue(Input) is null && CommandStreams.IsInputRedirected)
                result.AddError("say what to change (--value, --value-file, --key, --header, --remove-header, --input ndjson): an editor opens on a terminal only.");
        });
        change.AddTo(verb);
    }

    private static bool IsChanged(System.CommandLine.Parsing.CommandResult result) =>
        result.GetResult(Key) is not null || result.GetResult(Value) is not null || result.GetResult(ValueFile) is not null || result.GetResult(Set) is not null || result.GetResult(Remove) is not null;

    private static async Task<LetterEdit> EditAsync(ParseResult parsed, LetterEdit letter, CancellationToken ct)
    {
        if (parsed.GetValue(Input) is not null)
            return await ReadLineAsync(ct);
        if (!IsChanged(parsed.CommandResult))
            return letter with { Value = await Editor.ChangeAsync(letter.Value ?? [], ct) };
        var left = (parsed.GetValue(Remove) ?? []).Concat(NameValue.Pairs(parsed, Set).Select(header => header.Name)).ToHashSet();
        return letter with
        {
            Key = parsed.GetValue(Key) is { } key ? Encoding.UTF8.GetBytes(key) : letter.Key,
            Value = parsed.GetValue(Value) is { } value ? Encoding.UTF8.GetBytes(value) : parsed.GetValue(ValueFile) is { } file ? await ReadAsync(file, ct) : letter.Value,
            Headers = [.. letter.Headers.Where(header => !left.Contains(header.Name)), .. NameValue.Pairs(parsed, Set).Select(header => RecordHeader.Text(header.Name, header.Value))],
        };
    }

    private static async Task<LetterEdit> ReadLineAsync(CancellationToken ct)
    {
        try
        {
            var message = RecordLine.Parse(Encoding.UTF8.GetString(await ReadAsync("-", ct))).ToMessage();
            return new LetterEdit(message.Key, message.Value, [.. message.Headers.Select(header => new RecordHeader(header.Key, RecordBytes.OrNull(header.GetValueBytes())))]);
        }
        catch (FormatException exception)
        {
            throw new CommandFailure(ExitCode.Usage, $"stdin is not one line of ndjson: {exception.Message}");
        }
    }

    private static async Task<byte[]> ReadAsync(string file, CancellationToken ct)
    {
        if (file != "-")
            return await File.ReadAllBytesAsync(file, ct);
        using var stdin = CommandStreams.OpenInput();
        return await Records.InputLines.ReadAllAsync(stdin, ct);
    }
}
