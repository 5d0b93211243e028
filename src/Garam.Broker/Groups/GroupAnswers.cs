using Garam.Kafka;

namespace Garam.Broker.Groups;

/// <summary>A JoinGroup request as the group sees it.</summary>
internal sealed record JoinAttempt
{
    /// <summary>Empty for a member that has no id yet.</summary>
    public required string MemberId { get; init; }

    /// <summary>Static membership (KIP-345): null for a dynamic member.</summary>
    public string? InstanceId { get; init; }

    public string ClientId { get; init; } = "";

    public string ClientHost { get; init; } = "";

    public required string ProtocolType { get; init; }

    public required IReadOnlyList<GroupProtocol> Protocols { get; init; }

    public required TimeSpan SessionTimeout { get; init; }

    public required TimeSpan RebalanceTimeout { get; init; }

    /// <summary>JoinGroup v4+ (KIP-394): a newcomer is told its id first, and joins with it in a second request.</summary>
    public bool RequiresKnownMemberId { get; init; }

    /// <summary>JoinGroup v9+ (KIP-814): the answer can tell a leader that it need not assign.</summary>
    public bool CanSkipAssignment { get; init; }
}

/// <summary>One member as the leader sees it.</summary>
internal sealed record JoinedMember(string MemberId, string? InstanceId, byte[] Metadata);

/// <summary>What a JoinGroup is answered.</summary>
internal sealed record JoinResult
{
    public ErrorCode Error { get; init; }

    public int Generation { get; init; } = -1;

    public string? ProtocolType { get; init; }

    public string? ProtocolName { get; init; }

    public string Leader { get; init; } = "";

    public bool SkipAssignment { get; init; }

    public string MemberId { get; init; } = "";

    /// <summary>Everybody for the leader, nobody for the others.</summary>
    public IReadOnlyList<JoinedMember> Members { get; init; } = [];

    public static JoinResult Failed(ErrorCode error, string memberId) => new() { Error = error, MemberId = memberId };
}

/// <summary>A SyncGroup request as the group sees it; only the leader brings assignments.</summary>
internal sealed record SyncAttempt(string MemberId, string? InstanceId, int Generation, IReadOnlyDictionary<string, byte[]> Assignments)
{
    /// <summary>SyncGroup v5+; null: not said, not checked.</summary>
    public string? ProtocolType { get; init; }

    /// <inheritdoc cref="ProtocolType"/>
    public string? ProtocolName { get; init; }
}

/// <summary>What a SyncGroup is answered.</summary>
internal sealed record SyncResult(ErrorCode Error, string? ProtocolType, string? ProtocolName, byte[] Assignment)
{
    public static SyncResult Failed(ErrorCode error) => new(error, null, null, []);
}
