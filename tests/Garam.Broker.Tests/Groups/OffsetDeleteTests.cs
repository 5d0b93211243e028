using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Tests.Groups;

public sealed class OffsetDeleteTests
{
    [Fact]
    public async Task A_deleted_offset_is_gone_and_stays_gone_and_its_neighbours_stay()
    {
        using var directory = new TemporaryDirectory();
        await using (var broker = await TestBroker.StartAsync(directory.Options))
        {
            await broker.CreateAsync("orders", 2);
            await broker.Client.CallAsync<OffsetCommitRequest, OffsetCommitResponse>(ApiKey.OffsetCommit, 7, new()
            {
                GroupId = "billing",
                GenerationIdOrMemberEpoch = -1,
                Topics = [new() { Name = "orders", Partitions = [new() { PartitionIndex = 0, CommittedOffset = 5 }, new() { PartitionIndex = 1, CommittedOffset = 6 }] }],
            });
            var deleted = await broker.Client.CallAsync<OffsetDeleteRequest, OffsetDeleteResponse>(ApiKey.OffsetDelete, 0, new()
            {
                GroupId = "billing",
                Topics = [new() { Name = "orders", Partitions = [new() { PartitionIndex = 1 }] }],
            });
            deleted.ErrorCode.ShouldBe(ErrorCode.None);
            deleted.Topics.ShouldHaveSingleItem().Partitions.ShouldHaveSingleItem().ErrorCode.ShouldBe(ErrorCode.None);
            (await OffsetsAsync(broker)).ShouldBe([5, -1]);
        }
        await using (var broker = await TestBroker.StartAsync(directory.Options)) (await OffsetsAsync(broker)).ShouldBe([5, -1]);
    }

    private static async Task<IEnumerable<long>> OffsetsAsync(TestBroker broker) =>
        (await broker.Client.CallAsync<OffsetFetchRequest, OffsetFetchResponse>(ApiKey.OffsetFetch, 7, new()
        {
            GroupId = "billing",
            Topics = [new() { Name = "orders", PartitionIndexes = [0, 1] }],
        })).Topics.ShouldHaveSingleItem().Partitions.Select(partition => partition.CommittedOffset);
}
