using Garam.Operations.Groups;

namespace Garam.Operations.Commands;

/// <summary>The commands that do what a request about a consumer group does.</summary>
public static class GroupCommands
{
    /// <summary><c>garam group reset</c>.</summary>
    public static ShellCommand Reset(string group, ResetTarget target, ResetScope? scope)
    {
        List<string> words = ["group", "reset", group, .. ShellCommand.Option("--to", target.ToString())];
        foreach (var (topic, partitions) in scope?.Topics ?? new Dictionary<string, IReadOnlyList<int>?>())
            words.AddRange(ShellCommand.Option("--topic", partitions is { Count: > 0 } ? $"{topic}:{string.Join(',', partitions)}" : topic));
        return new ShellCommand(words);
    }
}
