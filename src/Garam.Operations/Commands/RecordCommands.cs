using Garam.Operations.Messages;

namespace Garam.Operations.Commands;

/// <summary>The commands that do what a request about records does. A page makes its command from the request that it carries out.</summary>
public static class RecordCommands
{
    /// <summary><c>garam consume --order</c>: the same records in the same order.</summary>
    public static ShellCommand Consume(BrowseRequest request)
    {
        List<string> words = ["consume", request.Topic, "--order", request.Order is BrowseOrder.Newest ? "newest" : "oldest"];
        if (request.From != StartOffset.Beginning)
            words.AddRange(ShellCommand.Option("--offset", request.From.ToString()!));
        if (request.Until is { } until)
            words.AddRange(ShellCommand.Option("--until", until.ToString()!));
        if (request.Limit is { } limit)
            words.AddRange(ShellCommand.Option("--count", limit));
        foreach (var partition in request.Partitions ?? [])
            words.AddRange(ShellCommand.Option("--partition", partition));
        if (request.Query is { } query)
            words.AddRange(ShellCommand.Option("--where", query.Text));
        if (request.Cursor is { } cursor)
            words.AddRange(ShellCommand.Option("--cursor", cursor));
        return new ShellCommand(words);
    }

    /// <summary><c>garam consume --offset end</c>.</summary>
    public static ShellCommand Follow(TailRequest request)
    {
        List<string> words = ["consume", .. request.Topics, "--offset", "end"];
        if (request.Query is { } query)
            words.AddRange(ShellCommand.Option("--where", query.Text));
        return new ShellCommand(words);
    }

    /// <summary><c>garam produce</c>. What cannot be said by options goes through its input, byte by byte.</summary>
    public static ShellCommand Produce(NewRecord record) => TryByOptions(record) ?? new ShellCommand(
        ["produce", record.Topic, "--input", "ndjson", .. record.Partition is null ? Array.Empty<string>() : ["--keep-partitions"]])
    {
        Input = RecordLine.From(record).ToString(),
    };

    /// <summary><c>garam topic copy</c> of one record.</summary>
    public static ShellCommand Copy(StoredPlace place, string target) => new(
    [
        "topic", "copy", place.Topic, target, .. ShellCommand.Option("--partition", place.Partition), .. ShellCommand.Option("--offset", place.Offset), .. ShellCommand.Option("--until", place.Offset + 1),
    ]);

    private static ShellCommand? TryByOptions(NewRecord record)
    {
        var (key, value) = (Text(record.Key), Text(record.Value));
        var headers = record.Headers.Select(header => (header.Name, Value: Text(header.Value?.ToArray()))).ToList();
        if (record.TimestampMs is not null || (key is null) != (record.Key is null) || (value is null) != (record.Value is null) || (value is null && key is null)
            || headers.Any(header => header.Value is null || header.Name.Contains('=')))
            return null;
        List<string> words = ["produce", record.Topic];
        if (key is not null)
            words.AddRange(ShellCommand.Option("--key", key));
        if (value is null)
            words.Add("--tombstone");
        else
            words.AddRange(ShellCommand.Option("--value", value));
        foreach (var (name, text) in headers)
            words.AddRange(ShellCommand.Option("--header", $"{name}={text}"));
        if (record.Partition is { } partition)
            words.AddRange(ShellCommand.Option("--partition", partition));
        return new ShellCommand(words);
    }

    // A word of a command can be any text but one with a zero in it.
    private static string? Text(byte[]? bytes) => bytes is not null && RecordLine.TextOrBytes(bytes).Text is { } text && !text.Contains('\0') ? text : null;
}
