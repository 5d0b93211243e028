using System.Reflection;
using Garam.CommandLine;
using Garam.Operations.Commands;
using Garam.Operations.DeadLetters;
using Garam.Operations.Groups;
using Garam.Operations.Messages;
using Garam.Operations.Queries;
using Garam.Operations.Topics;

namespace Garam.Tests.Cli;

/// <summary>Every command that a page can show is one that the program takes, whatever its topics and groups are called.</summary>
public sealed class CommandGrammarTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 5, 1, 2, 3, TimeSpan.Zero);

    private static IEnumerable<ShellCommand?> Samples(string topic, string group)
    {
        var place = new StoredPlace(topic, 1, 42);
        yield return TopicCommands.List();
        yield return TopicCommands.List(withInternal: true);
        yield return TopicCommands.Describe(topic);
        yield return TopicCommands.Count(topic, TimeSpan.FromSeconds(10), group);
        yield return TopicCommands.Configs(topic);
        yield return TopicCommands.Create(new NewTopic(topic, 3, 1, new Dictionary<string, string> { ["retention.ms"] = "-1" }));
        yield return TopicCommands.Configure([topic, "b"], new Dictionary<string, string?> { ["retention.ms"] = "-1", ["segment.bytes"] = null });
        yield return TopicCommands.AddPartitions(topic, 7);
        yield return TopicCommands.Clear([topic], Now);
        yield return TopicCommands.Delete([topic, "b"]);
        yield return RecordCommands.Consume(new BrowseRequest(topic) { Query = RecordQuery.Parse("-x"), Limit = 5, Partitions = [1], Order = BrowseOrder.Newest });
        yield return RecordCommands.Follow(new TailRequest([topic]));
        yield return RecordCommands.Join(topic, group);
        yield return RecordCommands.Show(place);
        yield return RecordCommands.Journey(place);
        yield return RecordCommands.Produce(topic);
        yield return RecordCommands.Produce(new NewRecord(topic, null, null));
        yield return RecordCommands.Produce(new NewRecord(topic, [1], [2]) { Partition = 3 });
        yield return RecordCommands.Copy(place, "-b");
        yield return GroupCommands.Lag();
        yield return GroupCommands.Describe(group);
        yield return GroupCommands.Reset(group, ResetTarget.Parse("-5"), ResetScope.Parse([$"{topic}:1,2"])).With("--dry-run");
        yield return GroupCommands.Undo(group);
        yield return GroupCommands.Delete(group);
        yield return GroupCommands.DeleteOffsets(group, topic);
        yield return GroupCommands.Alarm(group, AlarmRule.None, Now);
        yield return GroupCommands.Alarm(group, new AlarmRule(Now.AddDays(1), 0), Now);
        yield return GroupCommands.Alarm(group, new AlarmRule(AlarmRule.Forever, 0), Now);
        yield return GroupCommands.Alarm(group, new AlarmRule(null, 50), Now);
        yield return LetterCommands.List();
        yield return LetterCommands.Show(topic, RecordQuery.Parse("key:-x"), all: true, 50);
        yield return LetterCommands.Show(place);
        foreach (var plan in Plans(topic))
            yield return LetterCommands.Redrive(plan);
        yield return PlatformCommands.Up();
        yield return PlatformCommands.Health();
        yield return PlatformCommands.Cluster();
        yield return PlatformCommands.Outbox(group, all: true, new Uri("http://127.0.0.1:81"));
        yield return PlatformCommands.Decide("retry", group, 7, null);
        yield return PlatformCommands.Decide("remove", group, 7, null);
        yield return PlatformCommands.Decide("dead-letter", group, 7, null);
        yield return PlatformCommands.Life("7", null);
    }

    [Theory]
    [InlineData("orders", "billing")]
    [InlineData("-orders", "--my group's")]
    public void Every_command_is_accepted_by_the_command_line(string topic, string group)
    {
        foreach (var command in Samples(topic, group))
        {
            var parsed = GaramCommand.Root().Parse([.. command!.At("127.0.0.1:1").Arguments], GaramCommand.Parsing);
            UsageErrors.Of(parsed).ShouldBeEmpty(command.ToString());
        }
    }

    [Fact]
    public void Every_kind_of_command_is_among_them()
    {
        var verbs = Samples("a", "b").Select(command => string.Join(' ', command!.Arguments)).ToList();
        verbs.ShouldBeUnique();
        var made = typeof(ShellCommand).Assembly.GetTypes().Where(type => type.Namespace == typeof(ShellCommand).Namespace && type is { IsAbstract: true, IsSealed: true })
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static)).Count(method => method.ReturnType == typeof(ShellCommand));
        made.ShouldBe(34, "a command was added or removed: keep the samples above complete, then this number.");
    }

    private static IEnumerable<RedrivePlan> Plans(string topic)
    {
        var plan = new RedrivePlan
        {
            Topic = topic,
            Selection = new RedriveSelection.All(),
            Count = 1,
            AlreadyRedriven = 0,
            NotSendable = 0,
            Targets = [],
            Readers = [],
            Warnings = [],
            Diff = [],
        };
        yield return plan with { RatePerSecond = 0.5, To = "-t" };
        yield return plan with { Selection = new RedriveSelection.Matching(RecordQuery.Parse("-x")) };
        yield return plan with { Selection = new RedriveSelection.Place(0, 7) };
        yield return plan with { Selection = new RedriveSelection.Place(0, 7), Edit = new LetterEdit(null, [0xff], []) { Force = true } };
    }
}
