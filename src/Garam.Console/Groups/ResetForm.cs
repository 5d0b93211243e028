using System.Globalization;
using System.Text.Json;
using Garam.Operations;
using Garam.Operations.Commands;
using Garam.Operations.Groups;
using Microsoft.AspNetCore.Http;

namespace Garam.Console.Groups;

/// <summary>What was filled into the first page of a reset, turned into the words of the command line.</summary>
/// <param name="Kind">Which of the targets was chosen.</param>
/// <param name="Time">For <see cref="ResetKind.Time"/>: UTC, as a browser writes it.</param>
/// <param name="Ago">For <see cref="ResetKind.Ago"/>: <c>90m</c>.</param>
/// <param name="Shift">For <see cref="ResetKind.Shift"/>: with its sign.</param>
/// <param name="Offset">For <see cref="ResetKind.Offset"/>.</param>
/// <param name="Other">For <see cref="ResetKind.Group"/>.</param>
/// <param name="Scope">Topics, or partitions of them: <c>orders</c>, <c>orders:0,3</c>; empty: nothing is chosen yet, which means all.</param>
public sealed record ResetForm(ResetKind Kind, string Time, string Ago, string Shift, string Offset, string Other, IReadOnlyList<string> Scope)
{
    public static readonly ResetForm Blank = new(ResetKind.Start, "", "1h", "-1", "", "", []);

    /// <summary>A partition to leave alone is not named in the scope; more of them than this in a form is no form.</summary>
    private const int MostTopics = 10_000;

    public static ResetForm Of(IFormCollection form)
    {
        var topics = form["topic"];
        var partitions = form["partitions"];
        var known = form["known"];
        if (known.Count > MostTopics || partitions.Count != known.Count)
            throw new OperationException(FailureKind.Invalid, "the form is not complete: go back and fill it in again.");

        var chosen = topics.ToHashSet(StringComparer.Ordinal);
        return Blank with
        {
            Kind = Enum.TryParse<ResetKind>(form["kind"], ignoreCase: true, out var kind) ? kind : ResetKind.Start,
            Time = Text(form, "time"),
            Ago = Text(form, "ago"),
            Shift = Text(form, "shift"),
            Offset = Text(form, "offset"),
            Other = form["other"].ToString(),
            Scope = [.. known.Zip(partitions, (topic, of) => (Topic: topic ?? "", Of: of?.Trim() ?? "")).Where(pair => chosen.Contains(pair.Topic))
                .Select(pair => pair.Of.Length == 0 ? pair.Topic : $"{pair.Topic}:{pair.Of}")],
        };
    }

    /// <summary>The target as <c>garam group reset --to</c> takes it.</summary>
    public string Target => Kind switch
    {
        ResetKind.Start => "start",
        ResetKind.End => "end",
        ResetKind.Time => $"@{Utc(Time)}",
        ResetKind.Ago => $"-{Ago}",
        ResetKind.Shift => Shift.StartsWith('-') || Shift.StartsWith('+') ? Shift : $"+{Shift}",
        ResetKind.Group => $"group:{Other}",
        _ => Offset,
    };

    /// <exception cref="OperationException">What was filled in makes no sense; the message says what to write.</exception>
    public (ResetTarget Target, ResetScope? Scope) Parse()
    {
        if (Scope.Count == 0)
            throw new OperationException(FailureKind.Invalid, "no topic is chosen: tick at least one.");
        try
        {
            return (ResetTarget.Parse(Target), ResetScope.Parse(Scope));
        }
        catch (FormatException exception)
        {
            throw new OperationException(FailureKind.Invalid, exception.Message, exception);
        }
    }

    /// <summary>The command that does what the form asks for; null while a field makes no sense.</summary>
    public ShellCommand? Command(string group)
    {
        try
        {
            var (target, scope) = Parse();
            return GroupCommands.Reset(group, target, scope);
        }
        catch (OperationException)
        {
            return null;
        }
    }

    // A field for date and time knows no zone; the page says that it means UTC.
    private static string Utc(string time) =>
        DateTime.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var utc) ? utc.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) : time;

    private static string Text(IFormCollection form, string field) => form[field].ToString().Trim();
}

/// <summary>Where to: one for each kind of <see cref="ResetTarget"/>.</summary>
public enum ResetKind
{
    Start,
    End,
    Time,
    Ago,
    Shift,
    Offset,
    Group,
}

/// <summary>
/// A plan travels through the form of its preview, so that what is applied is what was seen and not what the same words would mean a moment
/// later. It says nothing that whoever may reset a group could not ask for anyway; that it still fits is seen when it is applied.
/// </summary>
internal static class PlanField
{
    public static string Write(ResetPlan plan) => JsonSerializer.Serialize(plan);

    /// <exception cref="OperationException">It is no plan for this group.</exception>
    public static ResetPlan Read(string? text, string group)
    {
        ResetPlan? plan;
        try
        {
            plan = JsonSerializer.Deserialize<ResetPlan>(text ?? "");
        }
        catch (JsonException exception)
        {
            throw new OperationException(FailureKind.Invalid, "the plan cannot be read: make the preview again.", exception);
        }

        return Checked(plan, group);
    }

    /// <exception cref="OperationException">It is no plan for this group.</exception>
    public static ResetPlan Checked(ResetPlan? plan, string group) =>
        plan is { Partitions: not null } && plan.Group == group && plan.Partitions.All(line => line is { Topic.Length: > 0, Partition: >= 0, After: null or >= 0 })
            ? plan with { Warnings = [] }
            : throw new OperationException(FailureKind.Invalid, "the plan is not one for this group: make the preview again.");
}
