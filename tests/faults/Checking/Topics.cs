using Garam.Faults.Histories;

namespace Garam.Faults.Checking;

/// <summary>Topics are there from the answer to their creation to the request for their deletion, with the same id and settings.</summary>
internal static class Topics
{
    /// <summary><c>topic-forgotten</c>: made, not deleted, and not there.</summary>
    public static IEnumerable<Anomaly> Forgotten(History history)
    {
        var made = new HashSet<string>();
        foreach (var line in history.Events)
        {
            if (line is { Operation: Operation.Create, Outcome: Outcome.Ok })
            {
                made.Add(line.Topic!);
            }
            else if (line is { Operation: Operation.Delete, Outcome: Outcome.Invoke })
            {
                made.Remove(line.Topic!);
            }
            else if (line is { Operation: Operation.Describe, Outcome: Outcome.Ok, TopicId: null } && made.Contains(line.Topic!))
            {
                yield return new Anomaly("topic-forgotten", $"{line.Topic} was made and is not there");
            }
        }
    }

    /// <summary><c>topic-changed</c>: another id, or other settings, than before.</summary>
    public static IEnumerable<Anomaly> Changed(History history)
    {
        var before = new Dictionary<string, HistoryEvent>();
        foreach (var line in history.Events.Where(line => line is { Operation: Operation.Describe, Outcome: Outcome.Ok, TopicId: not null }))
        {
            if (before.TryGetValue(line.Topic!, out var known) && (known.TopicId != line.TopicId || Text(known) != Text(line)))
            {
                yield return new Anomaly("topic-changed", $"{line.Topic}: {known.TopicId} {Text(known)}, and now {line.TopicId} {Text(line)}");
            }

            before[line.Topic!] = line;
        }
    }

    /// <summary><c>topic-undead</c>: there, although its deletion was acknowledged. Names are used once.</summary>
    public static IEnumerable<Anomaly> Undead(History history)
    {
        var deleted = new HashSet<string>();
        foreach (var line in history.Events)
        {
            if (line is { Operation: Operation.Delete, Outcome: Outcome.Ok })
            {
                deleted.Add(line.Topic!);
            }
            else if (line is { Operation: Operation.Describe, Outcome: Outcome.Ok, TopicId: not null } && deleted.Contains(line.Topic!))
            {
                yield return new Anomaly("topic-undead", $"{line.Topic} was deleted and is there");
            }
        }
    }

    private static string Text(HistoryEvent line) => string.Join(' ', (line.Configs ?? new Dictionary<string, string>()).OrderBy(config => config.Key, StringComparer.Ordinal).Select(config => $"{config.Key}={config.Value}"));
}
