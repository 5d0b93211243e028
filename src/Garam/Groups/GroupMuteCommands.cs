using System.CommandLine;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Operations.Groups;

namespace Garam.Groups;

/// <summary><c>garam group mute|unmute GROUP</c>: which groups raise no alarm in the console.</summary>
internal static class GroupMuteCommands
{
    public static void AddTo(KafkaNoun noun)
    {
        AddMute(noun);
        AddUnmute(noun);
    }

    private static void AddMute(KafkaNoun noun)
    {
        var name = KafkaNames.Group(noun.Connection);
        var duration = Duration.Option("--for", "for this long; until unmute if left out");
        var above = new Option<long?>("--above") { Description = "only while no more records than this are unread: a threshold, and no end", HelpName = "N" };
        var verb = noun.Verb("mute", "Let a group raise no alarm", [name, duration, above], async (parsed, kafka, ct) =>
        {
            var group = parsed.GetRequiredValue(name);
            var rule = new AlarmRule(parsed switch
            {
                _ when parsed.GetValue(duration) is { } time => TimeProvider.System.GetUtcNow() + time,
                _ when parsed.GetValue(above) is not null => null,
                _ => AlarmRule.Forever,
            }, parsed.GetValue(above) ?? 0);
            await new GroupAlarms(kafka).SetAsync(group, rule, ct);
            Talk.Say($"{group}: {Meaning(rule)}");
            return ExitCode.Ok;
        });
        verb.AddCheck(result =>
        {
            if (result.GetValue(duration) is not null && result.GetValue(above) is not null)
                result.AddError("--for and --above exclude each other: a threshold has no end.");
        });
    }

    private static void AddUnmute(KafkaNoun noun)
    {
        var name = KafkaNames.Group(noun.Connection);
        noun.Verb("unmute", "Let a group raise alarms again, at any lag", [name], async (parsed, kafka, ct) =>
        {
            var group = parsed.GetRequiredValue(name);
            await new GroupAlarms(kafka).SetAsync(group, AlarmRule.None, ct);
            Talk.Say($"{group}: {Meaning(AlarmRule.None)}");
            return ExitCode.Ok;
        });
    }

    private static string Meaning(AlarmRule rule) => rule switch
    {
        { MutedUntil: { } until } when until == AlarmRule.Forever => "no alarms until garam group unmute",
        { MutedUntil: { } until } => $"no alarms until {TimeText.Of(until)}",
        { Above: > 0 } => $"alarms only above {Words.Count(rule.Above, "unread record")}",
        _ => "alarms at any lag",
    };
}
