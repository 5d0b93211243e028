using System.Globalization;
using Garam.Operations.Messages;

namespace Garam.Operations.Commands;

/// <summary>The commands that do what a request about records does. A page makes its command from the request that it carries out.</summary>
public static class RecordCommands
{
    /// <summary><c>garam consume --order</c>: the same records in the same order.</summary>
    public static ShellCommand Consume(BrowseRequest request)
    {
        var command = new ShellCommand("consume", request.Topic).With("--order", request.Order is BrowseOrder.Newest ? "newest" : "oldest");
        if (request.From != StartOffset.Beginning)
            command = command.With("--offset", request.From.ToString()!);
        command = command.WithIf(request.Until?.ToString(), "--until");
        if (request.Limit is { } limit)
            command = command.With("--count", limit);
        foreach (var partition in request.Partitions ?? [])
            command = command.With("--partition", partition);
        return command.WithIf(request.Query?.Text, "--where").WithIf(request.Cursor, "--cursor");
    }

    /// <summary><c>garam consume --offset end</c>.</summary>
    public static ShellCommand Follow(TailRequest request) => new ShellCommand("consume", request.Topics).With("--offset", "end").WithIf(request.Query?.Text, "--where");

    /// <summary><c>garam consume --group</c>: reads a topic as a group does, and commits.</summary>
    public static ShellCommand Join(string topic, string group) => new ShellCommand("consume", topic).With("--group", group);

    /// <summary><c>garam message show</c>.</summary>
    public static ShellCommand Show(StoredPlace place) => OfPlace("message show", place);

    /// <summary><c>garam message journey</c>.</summary>
    public static ShellCommand Journey(StoredPlace place) => OfPlace("message journey", place);

    /// <summary><c>garam produce</c>, a record for each line that is typed.</summary>
    public static ShellCommand Produce(string topic) => new ShellCommand("produce", topic).With("--key", "1");

    /// <summary><c>garam produce</c>. What cannot be said by options goes through its input, byte by byte.</summary>
    public static ShellCommand Produce(NewRecord record) => TryByOptions(record)
        ?? (new ShellCommand("produce", record.Topic) { Input = RecordLine.From(record).ToString() }).With("--input", "ndjson").WithIf(record.Partition is not null, "--keep-partitions");

    /// <summary><c>garam topic copy</c> of one record.</summary>
    public static ShellCommand Copy(StoredPlace place, string target) => new ShellCommand("topic copy", place.Topic, target)
        .With("--partition", place.Partition).With("--offset", place.Offset).With("--until", place.Offset + 1).With("--yes");

    private static ShellCommand OfPlace(string verb, StoredPlace place) =>
        new(verb, place.Topic, place.Partition.ToString(CultureInfo.InvariantCulture), place.Offset.ToString(CultureInfo.InvariantCulture));

    private static ShellCommand? TryByOptions(NewRecord record)
    {
        var (key, value) = (Text(record.Key), Text(record.Value));
        var headers = record.Headers.Select(header => (header.Name, Value: Text(header.Value?.ToArray()))).ToList();
        if (record.TimestampMs is not null || (key is null) != (record.Key is null) || (value is null) != (record.Value is null) || (value is null && key is null)
            || headers.Any(header => header.Value is null || header.Name.Contains('=')))
            return null;
        var command = new ShellCommand("produce", record.Topic).WithIf(key, "--key");
        command = value is null ? command.With("--tombstone") : command.With("--value", value);
        foreach (var (name, text) in headers)
            command = command.With("--header", $"{name}={text}");
        return record.Partition is { } partition ? command.With("--partition", partition) : command;
    }

    // A word of a command can be any text but one with a zero in it.
    private static string? Text(byte[]? bytes) => bytes is not null && RecordLine.TextOrBytes(bytes).Text is { } text && !text.Contains('\0') ? text : null;
}
