namespace Garam.Console.Topics;

/// <summary>Where the pages of a topic are.</summary>
internal static class TopicAddress
{
    public static string Of(string topic) => $"/console/topics/{Uri.EscapeDataString(topic)}";
}
