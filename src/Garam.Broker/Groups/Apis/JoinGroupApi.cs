using Garam.Broker.Apis;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Groups.Apis;

/// <summary>Takes part in a group's next generation; parked until that is complete.</summary>
internal sealed class JoinGroupApi(GroupCoordinator groups) : Api<JoinGroupRequest, JoinGroupResponse>(ApiKey.JoinGroup, 0, 9)
{
    private const int FirstWithMemberIdRequired = 4;
    private const int FirstWithNullableProtocol = 7;
    private const int FirstWithSkippedAssignment = 9;

    public override string? Differences => "`group.initial.rebalance.delay.ms` is 0 by default.";

    protected override async ValueTask<JoinGroupResponse?> HandleAsync(JoinGroupRequest request, RequestContext context)
    {
        var result = HasLongName(request)
            ? JoinResult.Failed(ErrorCode.InvalidRequest, request.MemberId)
            : await groups.JoinAsync(request.GroupId, Read(request, context)).ConfigureAwait(false);
        return new JoinGroupResponse
        {
            ErrorCode = result.Error,
            GenerationId = result.Generation,
            ProtocolType = result.ProtocolType,
            ProtocolName = result.ProtocolName ?? (context.Version < FirstWithNullableProtocol ? "" : null),
            Leader = result.Leader,
            SkipAssignment = result.SkipAssignment,
            MemberId = result.MemberId,
            Members = [.. result.Members.Select(member => new JoinGroupResponse.JoinGroupResponseMember
            {
                MemberId = member.MemberId, GroupInstanceId = member.InstanceId, Metadata = member.Metadata,
            })],
        };
    }

    private static JoinAttempt Read(JoinGroupRequest request, RequestContext context) => new()
    {
        MemberId = request.MemberId,
        InstanceId = request.GroupInstanceId,
        ClientId = context.ClientId ?? "",
        ClientHost = context.Connection.ClientHost,
        ProtocolType = request.ProtocolType,
        Protocols = [.. request.Protocols.Select(protocol => new GroupProtocol(protocol.Name, protocol.Metadata.ToArray()))],
        SessionTimeout = TimeSpan.FromMilliseconds(request.SessionTimeoutMs),
        // Version 0 has no rebalance timeout: members are given as long as their session lasts.
        RebalanceTimeout = TimeSpan.FromMilliseconds(context.Version == 0 ? request.SessionTimeoutMs : Math.Max(0, request.RebalanceTimeoutMs)),
        RequiresKnownMemberId = context.Version >= FirstWithMemberIdRequired,
        CanSkipAssignment = context.Version >= FirstWithSkippedAssignment,
    };

    private static bool HasLongName(JoinGroupRequest request) =>
        request.ProtocolType.Length > GroupCoordinator.LongestName
        || request.GroupInstanceId?.Length > GroupCoordinator.LongestName
        || request.Protocols.Exists(protocol => protocol.Name.Length > GroupCoordinator.LongestName);
}
