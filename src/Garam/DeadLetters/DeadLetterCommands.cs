using System.CommandLine;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Operations.DeadLetters;

namespace Garam.DeadLetters;

/// <summary><c>garam dlq ...</c>: records that could not be handled, on any Kafka.</summary>
internal static class DeadLetterCommands
{
    public static Command Create()
    {
        var noun = new KafkaNoun("dlq", "Find dead letters, read why, correct them, send them back");
        noun.Command.Aliases.Add("dead-letter");
        noun.Default(AddList(noun));
        DeadLetterShow.AddTo(noun);
        DeadLetterRedrive.AddTo(noun);
        DeadLetterEdit.AddTo(noun);
        return noun.Command;
    }

    private static Command AddList(KafkaNoun noun)
    {
        var verb = noun.Verb("list", "List dead-letter topics, those with open letters first", [], async (parsed, kafka, ct) =>
        {
            using var letters = new DeadLetterOperations(kafka);
            var topics = await letters.ListAsync(ct);
            Output.Print(noun.Format(parsed), topics,
                ("TOPIC", topic => topic.Topic), ("OPEN", topic => topic.Open), ("TOTAL", topic => topic.Total), ("OLDEST", topic => Ago(topic.Oldest)), ("GROUP", topic => topic.Group),
                ("MOST FREQUENT REASON", topic => topic.Reasons.Count == 0 ? null : $"{ShortName(topic.Reasons[0].Exception)} ({topic.Reasons[0].Count})"));
            foreach (var topic in topics.Where(topic => topic.NotLookedAt > 0))
                Talk.Say($"{topic.Topic}: {Words.Count(topic.NotLookedAt, "older record")} not looked at");
            return ExitCode.Ok;
        });
        verb.Aliases.Add("ls");
        return verb;
    }

    /// <summary>An exception without its namespace: in a row, the end of the name is what tells.</summary>
    public static string ShortName(string? exception) => exception is null ? "not said" : exception[(exception.LastIndexOf('.') + 1)..];

    private static TimeSpan? Ago(DateTimeOffset? time) => TimeProvider.System.GetUtcNow() - time;
}
