using Garam.Operations.Connections;
using Garam.Operations.Topics;

namespace Garam.Operations.DeadLetters;

/// <summary>
/// Where letters may be sent. The source of a letter is a header, and a header is what anybody wrote who may write to the dead-letter topic: it is
/// not followed into Kafka's own topics, nor into the dead-letter topic itself, and never creates a topic.
/// </summary>
internal sealed class RedriveTargets
{
    private const int LongestTopicName = 249;
    private const int MostTopics = 1_000;

    private readonly Dictionary<string, int> _partitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _refused = new(StringComparer.Ordinal);

    /// <param name="kafka">Which Kafka.</param>
    /// <param name="deadLetterTopic">Where the letters are.</param>
    /// <param name="topics">Where they are to go.</param>
    /// <param name="ct">Ends the looking.</param>
    public static async Task<RedriveTargets> FindAsync(KafkaConnection kafka, string deadLetterTopic, IReadOnlyCollection<string> topics, CancellationToken ct)
    {
        var found = new RedriveTargets();
        foreach (var topic in topics)
        {
            if (Refusal(topic, deadLetterTopic) is { } reason)
                found._refused[topic] = reason;
        }

        var asked = topics.Where(topic => !found._refused.ContainsKey(topic)).Take(MostTopics).ToList();
        foreach (var topic in await kafka.DescribeTopicsAsync(asked, ct))
        {
            if (topic.Error.IsError)
                found._refused[topic.Name] = $"topic {topic.Name}: {topic.Error.Reason}";
            else if (topic.IsInternal)
                found._refused[topic.Name] = $"{topic.Name} is Kafka's own";
            else
                found._partitions[topic.Name] = topic.Partitions.Count;
        }

        return found;
    }

    /// <summary>Why nothing is sent there; null: it may be.</summary>
    public string? WhyNot(string? topic) => topic is null
        ? "their headers do not name the topic that they come from: name one to send them to"
        : _partitions.ContainsKey(topic) ? null : _refused.GetValueOrDefault(topic) ?? $"their headers name more topics than {MostTopics}";

    /// <summary>The partition to send to; null: the key decides, because the one asked for is not known or not there any more.</summary>
    public int? Partition(string topic, int? source) => source < _partitions[topic] ? source : null;

    private static string? Refusal(string topic, string deadLetterTopic) => topic switch
    {
        _ when topic == deadLetterTopic => $"{topic} is the dead-letter topic itself",
        _ when InternalTopics.Contains(topic) => $"{topic} is Kafka's own",
        "." or ".." or "" or { Length: > LongestTopicName } => "their headers name a topic that no topic can be called",
        _ => topic.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-') ? null : "their headers name a topic that no topic can be called",
    };
}
