using System.CommandLine;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Groups;
using Garam.Operations;
using Garam.Operations.Clusters;
using Garam.Operations.Groups;

namespace Garam.Clusters;

/// <summary><c>garam cluster health</c>: what the console's overview says of the cluster, as an assertion; with <c>--wait</c> for scripts that start something.</summary>
internal static class ClusterHealthCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static void AddTo(KafkaNoun noun)
    {
        var wait = new Option<bool>("--wait") { Description = "wait until every partition has a leader and is in sync, before anything else is looked at" };
        var timeout = Duration.Option("--timeout", "how long to wait; 30s if left out");
        var brokersOnly = new Option<bool>("--brokers-only") { Description = "look at brokers and partitions, and not at consumer groups and dead letters" };
        var watch = GroupLagCommand.WatchOption();
        var command = new Command("health", "Say what is wrong with partitions, consumer groups and dead letters (exit code 8 if anything is)") { wait, timeout, brokersOnly, watch };
        command.SetAction(async (parsed, ct) =>
        {
            var patience = parsed.GetValue(wait) ? parsed.GetValue(timeout) ?? TimeSpan.FromSeconds(30) : TimeSpan.Zero;
            var health = await WaitAsync(() => AskAsync(noun.Connection, parsed, ct), patience, ct);
            if (!parsed.GetValue(brokersOnly))
                health = await LookAsync(noun.Connection, parsed, parsed.GetValue(watch), ct);
            Output.PrintOne(noun.Format(parsed), health, output => Show(output, health));
            return health.IsGood ? ExitCode.Ok : ExitCode.AssertionFalse;
        });
        noun.Command.Add(command);
    }

    private static async Task<ClusterHealth> AskAsync(ConnectionOptions connection, ParseResult parsed, CancellationToken ct)
    {
        using var kafka = connection.Open(parsed);
        return await new ClusterOperations(kafka).HealthAsync(ct);
    }

    private static async Task<ClusterHealth> LookAsync(ConnectionOptions connection, ParseResult parsed, TimeSpan? watch, CancellationToken ct)
    {
        using var kafka = connection.Open(parsed);
        return await Watching.RunAsync(watch, groups => new ClusterOperations(kafka).HealthAsync(new GroupAlarms(kafka), groups, ct), ct);
    }

    // A client that once found no broker tries again only after longer and longer pauses: each look has one of its own.
    private static async Task<ClusterHealth> WaitAsync(Func<Task<ClusterHealth>> ask, TimeSpan patience, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Pause);
        var deadline = TimeProvider.System.GetUtcNow() + patience;
        while (true)
        {
            try
            {
                if (await ask() is var health && (health.IsGood || TimeProvider.System.GetUtcNow() >= deadline))
                    return health;
            }
            catch (OperationException exception) when (exception.Kind is FailureKind.Unreachable && TimeProvider.System.GetUtcNow() < deadline)
            {
            }

            await timer.WaitForNextTickAsync(ct);
        }
    }

    private static void Show(TextWriter output, ClusterHealth health)
    {
        foreach (var problem in health.Problems)
            output.WriteLine(Cells.Visible(problem.What.English));
        if (health.IsGood)
            output.WriteLine($"All is well: {Words.Count(health.Nodes, "broker")}, {Words.Count(health.Topics, "topic")}, {Words.Count(health.Partitions, "partition")}{GroupsOf(health)}.");
        if (health.Silent.Count > 0)
            Talk.Say($"{Words.Count(health.Silent.Count, "group is not well and raises", "groups are not well and raise")} no alarm (muted, below the threshold or not used): {string.Join(", ", health.Silent.Take(10))}");
        if (health.Watching.Count > 0)
            Talk.Say($"whether {Words.Count(health.Watching.Count, "group")} with unread records {Words.Of(health.Watching.Count, "advances", "advance")} cannot be seen at one look: --watch 20s watches {Words.Of(health.Watching.Count, "it", "them")}.");
    }

    private static string GroupsOf(ClusterHealth health) => health.Groups is { } groups ? $", {Words.Count(groups, "consumer group")}" : "";
}
