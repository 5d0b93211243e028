using System.CommandLine;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Operations;
using Garam.Operations.Clusters;

namespace Garam.Clusters;

/// <summary><c>garam cluster health [--wait]</c>: an assertion, for scripts that start something and must know when it is there.</summary>
internal static class ClusterHealthCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static void AddTo(KafkaNoun noun)
    {
        var wait = new Option<bool>("--wait") { Description = "wait until all is well" };
        var timeout = Duration.Option("--timeout", "how long to wait; 30s if left out");
        var command = new Command("health", "Say whether a broker answers and every partition is led and in sync (exit code 8 if not)") { wait, timeout };
        command.SetAction(async (parsed, ct) =>
        {
            var patience = parsed.GetValue(wait) ? parsed.GetValue(timeout) ?? TimeSpan.FromSeconds(30) : TimeSpan.Zero;
            var health = await WaitAsync(() => AskAsync(noun.Connection, parsed, ct), patience, ct);
            Output.PrintOne(noun.Format(parsed), health, output => output.WriteLine(Sentence(health)));
            return health.IsGood ? ExitCode.Ok : ExitCode.AssertionFalse;
        });
        noun.Command.Add(command);
    }

    private static async Task<ClusterHealth> AskAsync(ConnectionOptions connection, ParseResult parsed, CancellationToken ct)
    {
        using var kafka = connection.Open(parsed);
        return await new ClusterOperations(kafka).HealthAsync(ct);
    }

    // A client that has once found nobody tries again only after longer and longer pauses: each look has one of its own.
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

    private static string Sentence(ClusterHealth health) => health switch
    {
        { IsGood: true } => $"All is well: {Words.Count(health.Nodes, "broker")}, {Words.Count(health.Topics, "topic")}, {Words.Count(health.Partitions, "partition")}.",
        { Leaderless.Count: > 0 } => $"{Words.Count(health.Leaderless.Count, "partition")} without a leader: {Some(health.Leaderless)}.",
        _ => $"{Words.Count(health.OutOfSync.Count, "partition")} with copies that are behind or away: {Some(health.OutOfSync)}.",
    };

    private static string Some(IReadOnlyList<string> partitions) => Cells.Visible(string.Join(", ", partitions.Take(5))) + (partitions.Count > 5 ? ", ..." : "");
}
