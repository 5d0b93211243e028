namespace Garam.Operations.Groups;

/// <summary>
/// Where groups were before they were reset, for seven days, so that a reset can be undone. Shared by the command line and the console: each undoes
/// what the other did.
/// </summary>
/// <param name="directory">Created on first use.</param>
public sealed class ResetHistory(string directory)
{
    private const int MaxResets = 100;
    private const int MaxPartitions = 100_000;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private readonly ClusterFile<List<KeptReset>> _file = new(directory, "the history of resets");

    /// <summary><c>$XDG_STATE_HOME/garam/resets</c>, or <c>~/.local/state/garam/resets</c>.</summary>
    public static string DefaultDirectory { get; } = ClusterFiles.Directory("resets");

    /// <summary>The folder of the files.</summary>
    public string Directory { get; } = directory;

    /// <summary>Keeps the plan that undoes a reset which is about to be made.</summary>
    /// <returns>What <see cref="ReplaceAsync"/> finds it by.</returns>
    internal async Task<Guid> KeepAsync(string cluster, ResetPlan undo, TimeProvider time, CancellationToken cancellationToken)
    {
        var kept = new KeptReset(Guid.NewGuid(), time.GetUtcNow(), undo);
        await ChangeAsync(cluster, resets => [kept, .. resets], time, cancellationToken);
        return kept.Id;
    }

    /// <summary>Corrects an undo when less was done than planned; null: nothing was.</summary>
    internal Task ReplaceAsync(string cluster, Guid id, ResetPlan? undo, TimeProvider time, CancellationToken cancellationToken) => ChangeAsync(
        cluster,
        resets => resets.Where(reset => reset.Id != id || undo is not null).Select(reset => reset.Id == id ? reset with { Undo = undo! } : reset),
        time, cancellationToken);

    /// <summary>The undo of a group's last reset; null where there was none in seven days.</summary>
    internal async Task<ResetPlan?> LastAsync(string cluster, string group, TimeProvider time, CancellationToken cancellationToken) =>
        Recent(await _file.ReadAsync(cluster, cancellationToken), time).FirstOrDefault(reset => reset.Undo.Group == group)?.Undo;

    private Task ChangeAsync(string cluster, Func<IEnumerable<KeptReset>, IEnumerable<KeptReset>> change, TimeProvider time, CancellationToken cancellationToken) =>
        _file.ChangeAsync(cluster, resets => Bounded(change(Recent(resets, time))), time, cancellationToken);

    // Newest first.
    private static IEnumerable<KeptReset> Recent(List<KeptReset>? resets, TimeProvider time) => (resets ?? []).Where(reset => time.GetUtcNow() - reset.At < Kept);

    private static List<KeptReset> Bounded(IEnumerable<KeptReset> resets)
    {
        var (bounded, partitions) = (new List<KeptReset>(), 0L);
        foreach (var reset in resets.Take(MaxResets))
        {
            // The newest is kept however large it is.
            if ((partitions += reset.Undo.Partitions.Count) > MaxPartitions && bounded.Count > 0)
                break;
            bounded.Add(reset);
        }

        return bounded;
    }

    private sealed record KeptReset(Guid Id, DateTimeOffset At, ResetPlan Undo);
}
