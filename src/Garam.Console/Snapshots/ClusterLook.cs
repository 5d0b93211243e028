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
        var counts = await topics.CountRecordsAsync([.. listed.Select(topic => topic.Name)], ct);
        return [.. listed.Select(topic => new TopicNow(topic.Name, topic.Partitions, topic.ReplicationFactor, topic.Internal, counts.GetValueOrDefault(topic.Name), null, []))];
    }

    private async Task<IReadOnlyList<GroupNow>> GroupsAsync(CancellationToken ct)
    {
        var listed = await groups.ListAsync(ct);
        return [.. listed.Select(group => new GroupNow(group.Name, group.State, 0, [], null, null, null))];
    }
}
