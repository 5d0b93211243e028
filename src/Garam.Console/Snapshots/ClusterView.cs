using Garam.Operations.Connections;

namespace Garam.Console.Snapshots;

/// <summary>The cluster as the pages show it. Every look is also remembered: rates, trends and what has changed come from there.</summary>
internal sealed class ClusterView
{
    private readonly ClusterLook _look;
    private readonly History _history;
    private readonly RecentChanges _changes;
    private readonly TimeProvider _time;
    private readonly Glance<Snapshot> _glance;
    private Snapshot _before = Snapshot.None;

    public ClusterView(ClusterLook look, History history, RecentChanges changes, KafkaConnection kafka, TimeProvider time)
    {
        (_look, _history, _changes, _time) = (look, history, changes, time);
        _glance = new Glance<Snapshot>("Looking at the cluster", LookAsync, kafka.Background, time);
    }

    public async Task<Snapshot> CurrentAsync(CancellationToken ct)
    {
        var seen = await _glance.CurrentAsync(ct);
        return (seen.Value ?? Snapshot.None) with { Trouble = seen.Trouble };
    }

    /// <summary>Something was changed: the next page must not show what was before.</summary>
    public void Forget() => _glance.Forget();

    private async Task<Snapshot> LookAsync(CancellationToken ct)
    {
        var at = _time.GetUtcNow();
        var (topics, groups, partitions) = await _look.LookAsync(ct);
        _history.Add(at, topics, groups);
        var now = new Snapshot(
            at,
            [.. topics.Select(topic => topic with { Rate = _history.Rate(topic.Name) })],
            groups,
            null)
        {
            Partitions = partitions,
        };
        _changes.Compare(Interlocked.Exchange(ref _before, now), now);
        return now;
    }
}
