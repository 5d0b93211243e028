using System.Globalization;
using Confluent.Kafka.Admin;
using Garam.Operations.Connections;

namespace Garam.Operations.DeadLetters;

/// <summary>What an operator should know before letters are sent, as sentences.</summary>
internal sealed class RedriveWarnings
{
    private readonly List<string> _sentences = [];

    public IReadOnlyList<string> Sentences => _sentences;

    public void AboutLetters(IEnumerable<LetterSurvey.Found> letters, Func<LetterSurvey.Found, string?> whyNot)
    {
        foreach (var reason in letters.Select(whyNot).OfType<string>().GroupBy(reason => reason, StringComparer.Ordinal).OrderByDescending(same => same.Count()).Take(10))
            Say($"{Letters(reason.Count())} cannot be sent: {reason.Key}.");
    }

    public void AboutTargets(IReadOnlyList<RedriveTarget> targets, bool keyChanged)
    {
        foreach (var moved in targets.Where(target => target.Partition is null))
        {
            Say(keyChanged
                ? $"The key was changed: it decides the partition of {moved.Topic}."
                : $"{Letters(moved.Count)} for {moved.Topic} come from a partition that is not there or not known: their key decides, and they are in no order with those that stayed.");
        }
    }

    public void AboutReaders(IReadOnlyList<RedriveTarget> targets, IReadOnlyList<RedriveReader> readers)
    {
        foreach (var topic in targets.GroupBy(target => target.Topic))
        {
            var here = readers.Where(reader => reader.Topic == topic.Key).ToList();
            var others = here.Where(reader => !reader.GaveUp).Select(reader => reader.Group).ToList();
            if (here.Count == 0)
                Say($"No group reads {topic.Key}: the records wait there for whoever comes.");
            if (others.Count > 0)
                Say($"{(others.Count == 1 ? "Group" : "Groups")} {string.Join(", ", others)} {(others.Count == 1 ? "reads" : "read")} {topic.Key} too, and will see {Records(topic.Sum(target => target.Count))} again.");
            foreach (var away in here.Where(reader => reader.GaveUp && reader.State is "Empty" or "Dead"))
                Say($"Group {away.Group} has no members now: the records wait until it is started.");
        }
    }

    public void AboutRepetition(int letters, int redrives)
    {
        if (letters > 0)
            Say($"{Letters(letters)} had been sent back {Words.Count(redrives, "time")} or more before they failed again: is the cause gone?");
    }

    public void AboutState(Redriven? redriven)
    {
        if (redriven is not null)
            Say($"This letter was sent back before{At(redriven.At)}{(redriven.To is { } to ? $", to {to}" : "")}.");
    }

    /// <summary>Compaction keeps the newest record of a key: a letter that is sent back becomes that.</summary>
    public async Task AboutCompactionAsync(KafkaConnection kafka, string deadLetterTopic, IReadOnlyList<RedriveTarget> targets, CancellationToken ct)
    {
        var asked = targets.Select(target => target.Topic).Distinct().Append(deadLetterTopic).Select(topic => new ConfigResource { Type = ResourceType.Topic, Name = topic }).ToList();
        var described = await kafka.AskAsync(admin => admin.DescribeConfigsAsync(asked), ct);
        foreach (var topic in described.Where(result => result.Entries.TryGetValue("cleanup.policy", out var policy) && policy.Value.Contains("compact", StringComparison.Ordinal)).Select(result => result.ConfigResource.Name))
        {
            Say(topic == deadLetterTopic
                ? $"{topic} is compacted: letters and the marks of re-drives disappear from it. Set its cleanup.policy to delete."
                : $"{topic} is compacted: a letter becomes the newest record of its key, and takes the place of what was written since.");
        }
    }

    public void AboutEdit(DeadLetter? letter, LetterEdit? edit, IReadOnlyList<DiffLine> diff)
    {
        if (letter is null || edit is null || diff.Any(line => line.Change is not LineChange.Same))
            return;
        Say(edit.IsSameAs(letter) ? "The edit changes nothing." : "The edit changes only what is not shown: white space between JSON's parts, or what lies far behind.");
    }

    private void Say(string sentence) => _sentences.Add(sentence);

    private static string Letters(long count) => Words.Count(count, "letter");

    private static string Records(long count) => count == 1 ? "this record" : $"these {Words.Count(count, "record")}";

    private static string At(DateTimeOffset? at) => at is { } time ? string.Create(CultureInfo.InvariantCulture, $" at {time:yyyy-MM-dd HH:mm:ss} UTC") : "";
}
