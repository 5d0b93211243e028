using System.Globalization;

namespace Garam.Operations.Groups;

/// <summary>Which partitions a reset is about. All partitions of a topic unless some are named.</summary>
/// <param name="Topics">Partitions by topic; null or empty: all of that topic.</param>
public sealed record ResetScope(IReadOnlyDictionary<string, IReadOnlyList<int>?> Topics)
{
    /// <summary>Reads <c>orders</c> (all partitions) and <c>orders:0,3</c>. A topic that comes twice counts with both.</summary>
    /// <exception cref="FormatException">One is neither.</exception>
    public static ResetScope Parse(IEnumerable<string> texts)
    {
        var topics = new Dictionary<string, IReadOnlyList<int>?>();
        foreach (var text in texts)
        {
            var (topic, partitions) = ParseOne(text);
            topics[topic] = topics.TryGetValue(topic, out var before) ? before is null || partitions is null ? null : [.. before.Union(partitions)] : partitions;
        }

        return new ResetScope(topics);
    }

    private static (string Topic, IReadOnlyList<int>? Partitions) ParseOne(string text)
    {
        var parts = text.Split(':');
        if (parts is [{ Length: > 0 } topic])
            return (topic, null);
        if (parts is not [{ Length: > 0 } named, var list])
            throw Malformed(text);
        return (named, [.. list.Split(',').Select(number => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var partition) ? partition : throw Malformed(text)).Distinct()]);
    }

    private static FormatException Malformed(string text) => new($"{text}: write TOPIC, or TOPIC:0,3 for some of its partitions.");
}
