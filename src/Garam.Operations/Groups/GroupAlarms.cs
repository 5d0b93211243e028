using Confluent.Kafka;
using Garam.Operations.Connections;

namespace Garam.Operations.Groups;

/// <summary>What a person has said about the alarms of a group.</summary>
/// <param name="MutedUntil">No alarm before then; null: not muted.</param>
/// <param name="Above">No alarm while no more records than this are unread; 0: any lag counts.</param>
public sealed record AlarmRule(DateTimeOffset? MutedUntil, long Above)
{
    public static readonly AlarmRule None = new(null, 0);

    /// <summary>Until somebody takes it back.</summary>
    public static readonly DateTimeOffset Forever = DateTimeOffset.MaxValue;
}

/// <summary>Why a group raises no alarm although its verdict would.</summary>
public enum Silence
{
    /// <summary>Somebody muted it.</summary>
    Muted,

    /// <summary>Its lag is not above its threshold.</summary>
    BelowThreshold,

    /// <summary>It has no members, and its oldest unread record has waited so long that the group is taken for abandoned.</summary>
    NotUsed,
}

/// <summary>
/// The rules for the alarms of groups. A file for each cluster in <c>$XDG_STATE_HOME/garam/alarms</c>, shared by the command line and the console.
/// </summary>
/// <param name="kafka">Which Kafka.</param>
/// <param name="time">Null: the system's clock.</param>
/// <param name="directory">Null: the usual one.</param>
public sealed class GroupAlarms(KafkaConnection kafka, TimeProvider? time = null, string? directory = null)
{
    /// <summary>Rules that are kept at most, so that the file stays small.</summary>
    private const int MaxRules = 10_000;

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ClusterFile<Dictionary<string, AlarmRule>> _file = new(directory ?? ClusterFiles.Directory("alarms"), "the rules for alarms of groups");

    /// <summary>How long the oldest unread record of a group without members waits until the group is taken for abandoned. Kafka itself forgets its offsets after as long.</summary>
    public static readonly TimeSpan AbandonedAfter = TimeSpan.FromDays(7);

    /// <summary>The rules by group.</summary>
    /// <exception cref="OperationException">No broker answered, or the file is damaged.</exception>
    public async Task<IReadOnlyDictionary<string, AlarmRule>> RulesAsync(CancellationToken cancellationToken) =>
        await _file.ReadAsync(await ClusterAsync(cancellationToken), cancellationToken) ?? [];

    /// <summary>Sets the rule of a group; <see cref="AlarmRule.None"/> forgets it.</summary>
    /// <exception cref="OperationException">No broker answered, or the file cannot be written.</exception>
    public async Task SetAsync(string group, AlarmRule rule, CancellationToken cancellationToken)
    {
        if (rule.Above < 0)
            throw new OperationException(FailureKind.Invalid, $"{rule.Above} is not a threshold: write a number of records from 0.");
        await _file.ChangeAsync(await ClusterAsync(cancellationToken), rules => With(rules ?? [], group, rule), _time, cancellationToken);
    }

    /// <summary>Why a group raises no alarm; null: it does.</summary>
    /// <param name="rule">What was said about it; null: nothing.</param>
    /// <param name="members">How many consumers it has.</param>
    /// <param name="lag">Its unread records; null: not known.</param>
    /// <param name="behind">How long the oldest of them waits: the group has not been used for that long at least.</param>
    /// <param name="abandonedAfter">From when on that is too long.</param>
    /// <param name="now">The time.</param>
    public static Silence? Of(AlarmRule? rule, int members, long? lag, TimeSpan? behind, TimeSpan abandonedAfter, DateTimeOffset now) =>
        rule?.MutedUntil > now ? Silence.Muted
        : rule is { Above: > 0 } && lag <= rule.Above ? Silence.BelowThreshold
        : members == 0 && behind >= abandonedAfter ? Silence.NotUsed
        : null;

    /// <summary>Why a group raises no alarm now; null: it does.</summary>
    public Silence? Of(GroupLag group, IReadOnlyDictionary<string, AlarmRule> rules) =>
        Of(rules.GetValueOrDefault(group.Name), group.Members, group.Lag, group.Behind, AbandonedAfter, _time.GetUtcNow());

    private Dictionary<string, AlarmRule> With(Dictionary<string, AlarmRule> rules, string group, AlarmRule rule)
    {
        var now = _time.GetUtcNow();
        var kept = rules.Where(other => other.Key != group && (other.Value.MutedUntil > now || other.Value.Above > 0)).ToDictionary();
        if (rule != AlarmRule.None)
            kept[group] = rule;
        return kept.Count <= MaxRules ? kept : throw new OperationException(FailureKind.Conflict, $"there are {MaxRules} rules already: take some back first.");
    }

    private async Task<string> ClusterAsync(CancellationToken cancellationToken) =>
        (await kafka.AskAsync(admin => admin.DescribeClusterAsync(), cancellationToken)).ClusterId;
}
