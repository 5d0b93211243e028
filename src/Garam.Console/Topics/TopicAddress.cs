namespace Garam.Console.Topics;

/// <summary>Where the pages of a topic are.</summary>
internal static class TopicAddress
{
    public static string Of(string topic) => $"/console/topics/{Uri.EscapeDataString(topic)}";

    /// <summary>Where the records are counted one by one.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="group">Only those that this group has not read; null: all.</param>
    public static string Count(string topic, string? group = null) => $"{Of(topic)}/count{(group is null ? "" : $"?group={Uri.EscapeDataString(group)}")}";
}
