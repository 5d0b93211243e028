using Garam.Operations.Groups;
using Garam.Operations.Topics;

namespace Garam.Console.Snapshots;

/// <summary>Looks at the whole cluster once, by a handful of requests however many topics and groups there are: never one for each.</summary>
internal sealed class ClusterLook(TopicOperations topics, GroupOperations groups)
{
    public async Task<(IReadOnlyList<TopicNow> Topics, IReadOnlyList<GroupNow> Groups)> LookAsync(CancellationToken ct)
    {
        var (topicsNow, groupsNow) = (TopicsAsync(ct), GroupsAsync(ct));
        await Task.WhenAll(topicsNow, groupsNow);
        var readers = (await groupsNow).SelectMany(group => group.Topics.Select(topic => (topic, group.Name))).ToLookup(read => read.topic, read => read.Name);
        return ([.. (await topicsNow).Select(topic => readers.Contains(topic.Name) ? topic with { Groups = [.. readers[topic.Name]] } : topic)], await groupsNow);
    }

    private async Task<IReadOnlyList<TopicNow>> TopicsAsync(CancellationToken ct)
    {
        var listed = await topics.ListAsync(ct);
        var extents = await topics.MeasureAsync([.. listed.Select(topic => topic.Name)], ct);
        return [.. listed.Select(topic => (topic, extent: extents.GetValueOrDefault(topic.Name))).Select(seen => new TopicNow(
            seen.topic.Name, seen.topic.Partitions, seen.topic.ReplicationFactor, seen.topic.Internal, seen.extent?.Records, seen.extent?.End, null, []))];
    }

    private async Task<IReadOnlyList<GroupNow>> GroupsAsync(CancellationToken ct)
    {
        var listed = await groups.ListAsync(ct);
        var lags = await groups.LagAsync([.. listed.Select(group => group.Name)], ct);
        return [.. lags.Select(group => new GroupNow(
            group.Name, group.State, group.Members, [.. group.Topics.Select(topic => topic.Topic)], group.Lag, group.Behind, group.Committed))];
    }
}
