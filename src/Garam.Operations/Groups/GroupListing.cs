using Confluent.Kafka;
using Garam.Operations.Connections;

namespace Garam.Operations.Groups;

/// <summary>A consumer group as a list has it. The state of one that describes itself by the newer protocol alone is unknown here.</summary>
internal sealed record ListedGroup(string GroupId, ConsumerGroupState State);

/// <summary>All consumer groups, in one look.</summary>
/// <remarks>
/// By the client's older call. Its newer one (<c>ListConsumerGroupsAsync</c>) frees the errors of its answer twice: a broker that goes away while
/// it is asked takes the whole process along ("double free or corruption"), and nothing can catch that.
/// </remarks>
internal static class GroupListing
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <exception cref="OperationException">A broker did not answer.</exception>
    public static async Task<IReadOnlyList<ListedGroup>> ListAsync(KafkaConnection kafka, CancellationToken ct)
    {
        var groups = await kafka.BlockingAsync(admin => admin.ListGroups(Patience), ct);
        return [.. groups.Where(group => group.ProtocolType is "consumer" or "").Select(group => new ListedGroup(group.Group, StateOf(group)))];
    }

    private static ConsumerGroupState StateOf(GroupInfo group) =>
        !group.Error.IsError && Enum.TryParse<ConsumerGroupState>(group.State, out var state) ? state : ConsumerGroupState.Unknown;
}
