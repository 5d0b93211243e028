using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Tests.Apis;

public sealed class OffsetTests
{
    private const long FirstTimestamp = 1_700_000_000_000;

    [Theory]
    [InlineData(-1, 4, -1)]
    [InlineData(-2, 0, -1)]
    [InlineData(-3, 3, FirstTimestamp + 3000)]
    [InlineData(-4, 0, -1)]
    [InlineData(-5, -1, -1)]
    [InlineData(0, 0, FirstTimestamp)]
    [InlineData(FirstTimestamp + 1000, 1, FirstTimestamp + 1000)]
    [InlineData(FirstTimestamp + 1001, 2, FirstTimestamp + 2000)]
    [InlineData(FirstTimestamp + 3001, -1, -1)]
    public async Task Offsets_are_found_by_time(long asked, long offset, long timestamp)
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        await broker.ProduceAsync("orders", "a", "b", "c", "d");
        var found = await broker.ListOffsetAsync("orders", asked);
        found.ErrorCode.ShouldBe(ErrorCode.None);
        found.Offset.ShouldBe(offset);
        found.Timestamp.ShouldBe(timestamp);
        found.LeaderEpoch.ShouldBe(offset == -1 ? -1 : 0);
    }

    [Fact]
    public async Task A_meaning_that_a_version_does_not_have_is_refused()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        (await broker.ListOffsetAsync("orders", -3, version: 6)).ErrorCode.ShouldBe(ErrorCode.UnsupportedVersion);
        (await broker.ListOffsetAsync("orders", -6, version: 10)).ErrorCode.ShouldBe(ErrorCode.UnsupportedVersion);
        (await broker.ListOffsetAsync("orders", -6, version: 11)).ShouldSatisfyAllConditions(it => it.ErrorCode.ShouldBe(ErrorCode.None), it => it.Offset.ShouldBe(-1));
        (await broker.ListOffsetAsync("none", -1)).ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
    }

    [Fact]
    public async Task Leader_epochs_are_compared_and_their_ends_known()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        await broker.ProduceAsync("orders", "a", "b");
        var known = await EpochAsync(broker, currentEpoch: -1, epoch: 0);
        known.ShouldSatisfyAllConditions(it => it.ErrorCode.ShouldBe(ErrorCode.None), it => it.LeaderEpoch.ShouldBe(0), it => it.EndOffset.ShouldBe(2));
        (await EpochAsync(broker, currentEpoch: 5, epoch: 0)).ErrorCode.ShouldBe(ErrorCode.UnknownLeaderEpoch);
        (await EpochAsync(broker, currentEpoch: 0, epoch: 7)).ShouldSatisfyAllConditions(it => it.LeaderEpoch.ShouldBe(-1), it => it.EndOffset.ShouldBe(-1));
    }

    [Fact]
    public async Task After_a_crash_the_old_epoch_is_fenced_and_old_records_are_still_of_it()
    {
        using var data = new TemporaryDirectory();
        await using (var broker = await TestBroker.StartAsync(data.Options))
        {
            await broker.CreateAsync("orders");
            await broker.ProduceAsync("orders", "a", "b");
        }
        // Without the mark of a clean stop the start is one after a crash.
        File.Delete(Path.Combine(data.Path, ".kafka_cleanshutdown"));
        await using var again = await TestBroker.StartAsync(data.Options);
        await again.ProduceAsync("orders", "c");

        (await EpochAsync(again, currentEpoch: 0, epoch: 0)).ErrorCode.ShouldBe(ErrorCode.FencedLeaderEpoch);
        (await EpochAsync(again, currentEpoch: 1, epoch: 0)).ShouldSatisfyAllConditions(it => it.LeaderEpoch.ShouldBe(0), it => it.EndOffset.ShouldBe(2));
        var behind = Requests.Fetch(0, ("orders", 0, 0));
        behind.Topics[0].Partitions[0].CurrentLeaderEpoch = 0;
        (await again.Client.CallAsync<FetchRequest, FetchResponse>(ApiKey.Fetch, 12, behind)).Responses[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.FencedLeaderEpoch);
        (await again.ListOffsetAsync("orders", -1)).LeaderEpoch.ShouldBe(1);
        (await again.ListOffsetAsync("orders", 0)).LeaderEpoch.ShouldBe(0, "the epoch of the record that was found");
    }

    private static async Task<OffsetForLeaderEpochResponse.EpochEndOffset> EpochAsync(TestBroker broker, int currentEpoch, int epoch) =>
        (await broker.Client.CallAsync<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>(ApiKey.OffsetForLeaderEpoch, 4, new OffsetForLeaderEpochRequest
        {
            Topics =
            [
                new OffsetForLeaderEpochRequest.OffsetForLeaderTopic
                {
                    Topic = "orders",
                    Partitions = [new OffsetForLeaderEpochRequest.OffsetForLeaderPartition { CurrentLeaderEpoch = currentEpoch, LeaderEpoch = epoch }],
                },
            ],
        })).Topics[0].Partitions[0];
}
