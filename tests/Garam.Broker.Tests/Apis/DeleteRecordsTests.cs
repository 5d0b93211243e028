using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Tests.Apis;

public sealed class DeleteRecordsTests
{
    [Fact]
    public async Task Deleted_records_stay_deleted_however_the_broker_ends()
    {
        using var directory = new TemporaryDirectory();
        using var afterwards = new TemporaryDirectory();
        await using (var broker = await TestBroker.StartAsync(directory.Options))
        {
            await broker.CreateAsync("orders");
            await broker.ProduceAsync("orders", "a", "b", "c");
            await broker.ProduceAsync("orders", "d");
            (await DeleteAsync(broker, "orders", 2)).ShouldBe((ErrorCode.None, 2));
            (await broker.ListOffsetAsync("orders", -2)).Offset.ShouldBe(2);
            (await broker.FetchAsync("orders", 1)).ErrorCode.ShouldBe(ErrorCode.OffsetOutOfRange);
            Copy(directory.Path, afterwards.Path);
        }
        await using (var broker = await TestBroker.StartAsync(afterwards.Options))
        {
            (await broker.ListOffsetAsync("orders", -2)).Offset.ShouldBe(2);
            (await broker.FetchAsync("orders", 1)).ErrorCode.ShouldBe(ErrorCode.OffsetOutOfRange);
            (await broker.FetchAsync("orders", 2)).ErrorCode.ShouldBe(ErrorCode.None);
        }
    }

    [Fact]
    public async Task What_was_deleted_of_a_topic_does_not_concern_its_successor()
    {
        using var directory = new TemporaryDirectory();
        using var afterwards = new TemporaryDirectory();
        await using (var broker = await TestBroker.StartAsync(directory.Options))
        {
            await broker.CreateAsync("orders");
            await broker.ProduceAsync("orders", "a", "b", "c");
            await DeleteAsync(broker, "orders", 2);
            await broker.DeleteAsync("orders");
            await broker.CreateAsync("orders");
            await broker.ProduceAsync("orders", "new", "newer", "newest");
            Copy(directory.Path, afterwards.Path);
        }
        await using (var broker = await TestBroker.StartAsync(afterwards.Options))
        {
            (await broker.ListOffsetAsync("orders", -2)).Offset.ShouldBe(0);
            TestBroker.Values((await broker.FetchAsync("orders", 0)).Records).ShouldBe(["new", "newer", "newest"]);
        }
    }

    [Fact]
    public async Task Many_deletions_at_once_are_all_answered_and_kept()
    {
        using var directory = new TemporaryDirectory();
        using var afterwards = new TemporaryDirectory();
        await using (var broker = await TestBroker.StartAsync(directory.Options))
        {
            await broker.CreateAsync("orders", 20);
            for (var partition = 0; partition < 20; partition++) await broker.ProduceAsync("orders", partition, TestBroker.Batch("a", "b", "c"));
            await Task.WhenAll(Enumerable.Range(0, 20).Select(async partition =>
            {
                using var client = broker.Connect();
                (await DeleteAsync(client, "orders", 1, partition)).ShouldBe((ErrorCode.None, 1));
                (await DeleteAsync(client, "orders", 2, partition)).ShouldBe((ErrorCode.None, 2));
            }));
            Copy(directory.Path, afterwards.Path);
        }
        await using (var broker = await TestBroker.StartAsync(afterwards.Options))
        {
            for (var partition = 0; partition < 20; partition++) (await broker.FetchAsync("orders", 2, partition: partition)).LogStartOffset.ShouldBe(2);
        }
    }

    [Fact]
    public async Task The_groups_own_topic_is_left_alone()
    {
        await using var broker = await TestBroker.StartAsync();
        (await DeleteAsync(broker, "__consumer_offsets", 0)).ShouldBe((ErrorCode.InvalidTopicException, -1));
    }

    private static Task<(ErrorCode Error, long LowWatermark)> DeleteAsync(TestBroker broker, string topic, long offset) => DeleteAsync(broker.Client, topic, offset, 0);

    private static async Task<(ErrorCode Error, long LowWatermark)> DeleteAsync(WireClient client, string topic, long offset, int partition)
    {
        var answer = await client.CallAsync<DeleteRecordsRequest, DeleteRecordsResponse>(ApiKey.DeleteRecords, 2, new()
        {
            Topics = [new() { Name = topic, Partitions = [new() { PartitionIndex = partition, Offset = offset }] }],
        });
        var result = answer.Topics.ShouldHaveSingleItem().Partitions.ShouldHaveSingleItem();
        return (result.ErrorCode, result.LowWatermark);
    }

    /// <summary>What a process that is killed now leaves to the next one.</summary>
    private static void Copy(string from, string to)
    {
        foreach (var directory in Directory.GetDirectories(from)) Copy(directory, Directory.CreateDirectory(Path.Combine(to, Path.GetFileName(directory))).FullName);
        foreach (var file in Directory.GetFiles(from).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
