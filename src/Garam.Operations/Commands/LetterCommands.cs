using System.Globalization;
using Garam.Operations.DeadLetters;
using Garam.Operations.Messages;
using Garam.Operations.Queries;

namespace Garam.Operations.Commands;

/// <summary>The commands that do what a request about dead letters does.</summary>
public static class LetterCommands
{
    // A longer line is not one to paste.
    private const int MaxInput = 32 * 1024;

    /// <summary><c>garam dlq list</c>.</summary>
    public static ShellCommand List() => new("dlq list");

    /// <summary><c>garam dlq show</c> of the letters of a topic.</summary>
    /// <param name="topic">The dead-letter topic.</param>
    /// <param name="query">Only letters that match; null: all.</param>
    /// <param name="all">Those too that were sent back.</param>
    /// <param name="limit">How many at most.</param>
    public static ShellCommand Show(string topic, RecordQuery? query, bool all, int limit) =>
        new ShellCommand("dlq show", topic).WithIf(query?.Text, "--where").WithIf(all, "--all").With("--count", limit);

    /// <summary><c>garam dlq show</c> of one letter.</summary>
    public static ShellCommand Show(StoredPlace place) => new("dlq show", place.Topic, new RedriveSelection.Place(place.Partition, place.Offset).ToString());

    /// <summary><c>garam dlq redrive</c>, or <c>garam dlq edit</c> where the letter is changed; null where the change is too large to be pasted.</summary>
    public static ShellCommand? Redrive(RedrivePlan plan)
    {
        if (plan is { Edit: { } edit, Selection: RedriveSelection.Place place })
            return Edit(plan.Topic, place, edit, plan.To);
        var command = plan.Selection switch
        {
            RedriveSelection.Place one => new ShellCommand("dlq redrive", plan.Topic, one.ToString()),
            RedriveSelection.Matching matching => new ShellCommand("dlq redrive", plan.Topic).With("--where", matching.Query.Text),
            _ => new ShellCommand("dlq redrive", plan.Topic).With("--all"),
        };
        return command.WithIf(plan.To, "--to").WithIf(plan.RatePerSecond?.ToString(CultureInfo.InvariantCulture), "--rate").With("--yes");
    }

    // Key, value and headers go through the input: no option can say which of them is null, or which bytes are not text.
    private static ShellCommand? Edit(string topic, RedriveSelection.Place place, LetterEdit edit, string? to)
    {
        var line = RecordLine.From(new NewRecord(topic, edit.Key, edit.Value) { Headers = edit.Headers }).ToString();
        return line.Length > MaxInput ? null : new ShellCommand("dlq edit", topic, place.ToString()) { Input = line }
            .With("--input", "ndjson").WithIf(edit.Force, "--force").WithIf(to, "--to").With("--yes");
    }
}
