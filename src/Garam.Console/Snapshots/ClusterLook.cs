using Garam.Operations.Clusters;
using Garam.Operations.Groups;
using Garam.Operations.Topics;

namespace Garam.Console.Snapshots;

/// <summary>Looks at the whole cluster once, by a handful of requests however many topics and groups there are: never one for each.</summary>
internal sealed class ClusterLook(TopicOperations topics, GroupOperations groups, GroupWatch watch)
{
    public async Task<(IReadOnlyList<TopicNow> Topics, IReadOnlyList<GroupNow> Groups, ClusterHealth Partitions)> LookAsync(CancellationToken ct)
    {
        var (listing, measuring) = (TopicsAsync(ct), LagsAsync(ct));
        await Task.WhenAll(listing, measuring);
        var lags = await measuring;
        var readers = lags.SelectMany(group => group.Topics.Select(topic => (topic.Topic, Reader: new TopicReader(group.Name, topic.Lag, topic.Behind, topic.Coverage)))).ToLookup(read => read.Topic, read => read.Reader);
        var (seen, partitions) = await listing;
        watch.ForgetOld();
        return (
            [.. seen.Select(topic => readers.Contains(topic.Name) ? topic with { Readers = [.. readers[topic.Name]] } : topic)],
            [.. lags.Select(group => new GroupNow(
                group.Name, group.State, group.Members, [.. group.Topics.Select(topic => topic.Topic)], group.Lag, group.Behind, group.Coverage)
            {
                Reading = watch.Observe(group).State,
            })],
            partitions);
    }

    private async Task<(IReadOnlyList<TopicNow> Topics, ClusterHealth Partitions)> TopicsAsync(CancellationToken ct)
    {
        var listed = await topics.ListAsync(ct);
        var extents = await topics.MeasureAsync([.. listed.Select(topic => topic.Name)], ct);
        IReadOnlyList<TopicNow> seen = [.. listed.Select(topic => (topic, extent: extents.GetValueOrDefault(topic.Name))).Select(seen => new TopicNow(
            seen.topic.Name, seen.topic.Partitions, seen.topic.ReplicationFactor, seen.topic.Internal, seen.extent?.Records, seen.extent?.End, null, []))];
        return (seen, ClusterHealth.Of(nodes: 0, listed));
    }

    private async Task<IReadOnlyList<GroupLag>> LagsAsync(CancellationToken ct)
    {
        var listed = await groups.ListAsync(ct);
        return await groups.LagAsync([.. listed.Select(group => group.Name)], ct);
    }
}
