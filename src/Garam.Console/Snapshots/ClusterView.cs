using Garam.Operations;
using Garam.Operations.Connections;
using Garam.Operations.Groups;

namespace Garam.Console.Snapshots;

/// <summary>The cluster as the pages show it. Every look is also remembered: rates, trends and what has changed come from there.</summary>
internal sealed class ClusterView
{
    private readonly ClusterLook _look;
    private readonly History _history;
    private readonly RecentChanges _changes;
    private readonly GroupAlarms _alarms;
    private readonly ConsoleOptions _options;
    private readonly TimeProvider _time;
    private readonly Glance<Snapshot> _glance;
    private Snapshot _before = Snapshot.None;

    public ClusterView(ClusterLook look, History history, RecentChanges changes, GroupAlarms alarms, ConsoleOptions options, KafkaConnection kafka, TimeProvider time)
    {
        (_look, _history, _changes, _alarms, _options, _time) = (look, history, changes, alarms, options, time);
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
        var reading = RulesAsync(ct);
        var (topics, groups, partitions) = await _look.LookAsync(ct);
        var (rules, trouble) = await reading;
        _history.Add(at, topics, groups);
        var now = new Snapshot(
            at,
            [.. topics.Select(topic => topic with { Rate = _history.Rate(topic.Name) })],
            [.. groups.Select(group => group with
            {
                Silence = GroupAlarms.Of(rules.GetValueOrDefault(group.Name), group.Members, group.Lag, group.Behind, _options.AbandonedAfter, at),
            })],
            null)
        {
            Partitions = partitions,
            AlarmTrouble = trouble,
        };
        _changes.Compare(Interlocked.Exchange(ref _before, now), now);
        return now;
    }

    // Without its rules a look is still one: every group raises its alarms, and the overview says why.
    private async Task<(IReadOnlyDictionary<string, AlarmRule> Rules, OperationException? Trouble)> RulesAsync(CancellationToken ct)
    {
        try
        {
            return (await _alarms.RulesAsync(ct), null);
        }
        catch (OperationException failure)
        {
            return (new Dictionary<string, AlarmRule>(), failure);
        }
    }
}
