using System.Globalization;
using Garam.Operations.Topics;

namespace Garam.Operations.Commands;

/// <summary>The commands that do what a request about topics does.</summary>
public static class TopicCommands
{
    /// <summary><c>garam topic list</c>.</summary>
    public static ShellCommand List(bool withInternal = false) => new ShellCommand("topic list").WithIf(withInternal, "--internal");

    /// <summary><c>garam topic describe</c>.</summary>
    public static ShellCommand Describe(string topic) => new("topic describe", topic);

    /// <summary><c>garam topic count</c>.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="limit">How long to count at most.</param>
    /// <param name="group">Only what this group has not read; null: all records.</param>
    public static ShellCommand Count(string topic, TimeSpan limit, string? group) =>
        new ShellCommand("topic count", topic).WithIf(group, "--group").With("--timeout", string.Create(CultureInfo.InvariantCulture, $"{limit.TotalSeconds:0}s"));

    /// <summary><c>garam topic config --all</c>.</summary>
    public static ShellCommand Configs(string topic) => new ShellCommand("topic config", topic).With("--all");

    /// <summary><c>garam topic create</c>.</summary>
    public static ShellCommand Create(NewTopic topic)
    {
        var command = new ShellCommand("topic create", topic.Name);
        if (topic.Partitions is { } partitions)
            command = command.With("--partitions", partitions);
        if (topic.ReplicationFactor is { } replication)
            command = command.With("--replication-factor", replication);
        return topic.Configs is null ? command : topic.Configs.Aggregate(command, (made, config) => made.With("--config", $"{config.Key}={config.Value}"));
    }

    /// <summary><c>garam topic config --set --unset</c>.</summary>
    /// <param name="topics">Topics that are changed alike.</param>
    /// <param name="changes">By Kafka's names; null: back to the default.</param>
    public static ShellCommand Configure(IReadOnlyList<string> topics, IReadOnlyDictionary<string, string?> changes) => changes
        .Aggregate(new ShellCommand("topic config", topics), (made, change) => change.Value is null ? made.With("--unset", change.Key) : made.With("--set", $"{change.Key}={change.Value}"))
        .With("--yes");

    /// <summary><c>garam topic add-partitions</c>.</summary>
    public static ShellCommand AddPartitions(string topic, int total) =>
        new ShellCommand("topic add-partitions", topic, total.ToString(CultureInfo.InvariantCulture)).With("--yes");

    /// <summary><c>garam topic clear</c>.</summary>
    /// <param name="topics">Topics that are cleared alike.</param>
    /// <param name="before">Only what lies before this time; null: all records.</param>
    public static ShellCommand Clear(IReadOnlyList<string> topics, DateTimeOffset? before) => new ShellCommand("topic clear", topics)
        .WithIf(before?.UtcDateTime.ToString("'@'yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), "--before")
        .With("--yes");

    /// <summary><c>garam topic delete</c>.</summary>
    public static ShellCommand Delete(IReadOnlyList<string> topics) => new ShellCommand("topic delete", topics).With("--yes");
}
