namespace Garam.Broker.Groups;

/// <summary>How the coordinator treats groups and their offsets. Names in the remarks are Kafka's broker configs.</summary>
internal sealed record GroupOptions
{
    /// <summary><c>group.min.session.timeout.ms</c>, 6 s.</summary>
    public TimeSpan MinSessionTimeout { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary><c>group.max.session.timeout.ms</c>, 30 min.</summary>
    public TimeSpan MaxSessionTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary><c>group.initial.rebalance.delay.ms</c>: how long an empty group waits for more members before its first generation.
    /// 0 here (Kafka: 3 s), because a single machine's first answer should not take three seconds.</summary>
    public TimeSpan InitialRebalanceDelay { get; init; } = TimeSpan.Zero;

    /// <summary><c>group.max.size</c>, unlimited.</summary>
    public int MaxSize { get; init; } = int.MaxValue;

    /// <summary>How long a join of somebody who never was a member may be parked, 5 min as in Kafka: he cannot send heartbeats, so
    /// nothing else would show that he has gone.</summary>
    public TimeSpan NewMemberJoinTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary><c>offsets.retention.minutes</c>, 7 days.</summary>
    public TimeSpan OffsetsRetention { get; init; } = TimeSpan.FromDays(7);

    /// <summary><c>offsets.retention.check.interval.ms</c>, 10 min.</summary>
    public TimeSpan OffsetsRetentionCheckInterval { get; init; } = TimeSpan.FromMinutes(10);
}
