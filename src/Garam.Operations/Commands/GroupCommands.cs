using System.Globalization;
using Garam.Operations.Groups;

namespace Garam.Operations.Commands;

/// <summary>The commands that do what a request about a consumer group does.</summary>
public static class GroupCommands
{
    /// <summary><c>garam group lag</c>.</summary>
    public static ShellCommand Lag() => new("group lag");

    /// <summary><c>garam group describe</c>.</summary>
    public static ShellCommand Describe(string group) => new("group describe", group);

    /// <summary><c>garam group reset</c>.</summary>
    public static ShellCommand Reset(string group, ResetTarget target, ResetScope? scope) =>
        (scope?.Topics ?? new Dictionary<string, IReadOnlyList<int>?>()).Aggregate(
            new ShellCommand("group reset", group).With("--to", target.ToString()),
            (made, topic) => made.With("--topic", topic.Value is { Count: > 0 } partitions ? $"{topic.Key}:{string.Join(',', partitions)}" : topic.Key));

    /// <summary><c>garam group undo</c>.</summary>
    public static ShellCommand Undo(string group) => new ShellCommand("group undo", group).With("--yes");

    /// <summary><c>garam group delete</c>.</summary>
    public static ShellCommand Delete(string group) => new ShellCommand("group delete", group).With("--yes");

    /// <summary><c>garam group delete-offsets</c>.</summary>
    public static ShellCommand DeleteOffsets(string group, string topic) => new ShellCommand("group delete-offsets", group, topic).With("--yes");

    /// <summary><c>garam group mute</c> or <c>unmute</c>: what leads to this rule now; null where no command does.</summary>
    public static ShellCommand? Alarm(string group, AlarmRule rule, DateTimeOffset now) => rule switch
    {
        { MutedUntil: null, Above: 0 } => new ShellCommand("group unmute", group),
        { MutedUntil: null } => new ShellCommand("group mute", group).With("--above", rule.Above),
        { Above: > 0 } => null,
        { MutedUntil: { } until } when until == AlarmRule.Forever => new ShellCommand("group mute", group),
        { MutedUntil: { } until } => new ShellCommand("group mute", group).With("--for", string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (until - now).TotalSeconds):0}s")),
    };
}
