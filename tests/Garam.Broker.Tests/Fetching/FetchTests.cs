using System.Diagnostics;
using Garam.Kafka;
using Garam.Kafka.Messages;
using Garam.Kafka.Records;

namespace Garam.Broker.Tests.Fetching;

public sealed class FetchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Every_version_reads_what_was_written()
    {
        await using var broker = await TestBroker.StartAsync();
        var id = (await broker.CreateAsync("orders")).TopicId;
        await broker.ProduceAsync("orders", "a", "b");
        await broker.ProduceAsync("orders", "c");
        for (short version = 4; version <= 18; version++)
        {
            var request = Requests.Fetch(0, ("orders", 0, 0));
            request.Topics[0].TopicId = version >= 13 ? id : Guid.Empty;
            var topic = (await broker.Client.CallAsync<FetchRequest, FetchResponse>(ApiKey.Fetch, version, request)).Responses.ShouldHaveSingleItem();
            if (version >= 13) topic.TopicId.ShouldBe(id);
            else topic.Topic.ShouldBe("orders");
            var partition = topic.Partitions.ShouldHaveSingleItem();
            TestBroker.Values(partition.Records).ShouldBe(["a", "b", "c"]);
            partition.HighWatermark.ShouldBe(3);
            partition.LastStableOffset.ShouldBe(3);
            partition.PreferredReadReplica.ShouldBe(-1);
        }
    }

    [Fact]
    public async Task The_batch_that_holds_the_offset_comes_whole()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        await broker.ProduceAsync("orders", "a", "b", "c");
        TestBroker.Values((await broker.FetchAsync("orders", 2)).Records).ShouldBe(["a", "b", "c"]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public async Task An_offset_outside_of_the_log_is_an_error_at_once(long offset)
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        await broker.ProduceAsync("orders", "a", "b", "c");
        var answer = await broker.FetchAsync("orders", offset, maxWaitMs: 60_000);
        answer.ErrorCode.ShouldBe(ErrorCode.OffsetOutOfRange);
        answer.HighWatermark.ShouldBe(-1);
        (await broker.FetchAsync("orders", 3)).ShouldSatisfyAllConditions(it => it.ErrorCode.ShouldBe(ErrorCode.None), it => it.Records!.Value.Length.ShouldBe(0), it => it.HighWatermark.ShouldBe(3));
    }

    [Fact]
    public async Task Unknown_topics_partitions_ids_and_epochs_are_errors_at_once()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        (await broker.FetchAsync("none", 0, maxWaitMs: 60_000)).ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
        (await broker.FetchAsync("orders", 0, maxWaitMs: 60_000, partition: 1)).ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
        var byId = Requests.Fetch(60_000, ("", 0, 0));
        byId.Topics[0].TopicId = Guid.NewGuid();
        (await broker.Client.CallAsync<FetchRequest, FetchResponse>(ApiKey.Fetch, 13, byId)).Responses[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.UnknownTopicId);
        var ahead = Requests.Fetch(60_000, ("orders", 0, 0));
        ahead.Topics[0].Partitions[0].CurrentLeaderEpoch = 9;
        (await broker.Client.CallAsync<FetchRequest, FetchResponse>(ApiKey.Fetch, 12, ahead)).Responses[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.UnknownLeaderEpoch);
    }

    [Fact]
    public async Task A_long_poll_is_woken_by_a_record()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        using var consumer = broker.Connect();
        await consumer.SendAsync(ApiKey.Fetch, 12, Requests.Fetch(600_000, ("orders", 0, 0)));
        await broker.ProduceAsync("orders", "at last");
        var (_, response) = await consumer.ReceiveAsync<FetchResponse>(ApiKey.Fetch, 12);
        TestBroker.Values(response.Responses[0].Partitions[0].Records).ShouldBe(["at last"]);
    }

    [Fact]
    public async Task A_long_poll_is_woken_by_the_end_of_its_topic()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        using var consumer = broker.Connect();
        await consumer.SendAsync(ApiKey.Fetch, 12, Requests.Fetch(600_000, ("orders", 0, 0)));
        await broker.DeleteAsync("orders");
        (await consumer.ReceiveAsync<FetchResponse>(ApiKey.Fetch, 12)).Response.Responses[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
    }

    [Fact]
    public async Task A_long_poll_ends_when_its_time_is_over_and_not_before()
    {
        var time = new TestClock();
        await using var broker = await TestBroker.StartAsync(new KafkaBrokerOptions { TimeProvider = time });
        await broker.CreateAsync("orders");
        using var consumer = broker.Connect();
        await consumer.SendAsync(ApiKey.Fetch, 12, Requests.Fetch(500, ("orders", 0, 0)));
        // The next request of the connection executes while the fetch is parked, so its effect says that the fetch has been read.
        await consumer.SendAsync(ApiKey.Metadata, 12, new MetadataRequest { Topics = [new MetadataRequest.MetadataRequestTopic { Name = "marker" }] });
        await EventuallyAsync(async () => (await broker.MetadataAsync(autoCreate: false, "marker")).Topics[0].ErrorCode == ErrorCode.None);
        time.Advance(TimeSpan.FromMilliseconds(499));
        consumer.Socket.Available.ShouldBe(0);
        time.Advance(TimeSpan.FromMilliseconds(1));
        var (_, response) = await consumer.ReceiveAsync<FetchResponse>(ApiKey.Fetch, 12);
        response.Responses[0].Partitions[0].Records!.Value.Length.ShouldBe(0);
    }

    [Fact]
    public async Task Min_bytes_are_counted_over_all_partitions()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders", 3);
        var size = TestBroker.Batch("x").Length;
        using var consumer = broker.Connect();
        var fetch = Requests.Fetch(600_000, ("orders", 0, 0), ("orders", 1, 0), ("orders", 2, 0));
        fetch.MinBytes = size * 3;
        await consumer.SendAsync(ApiKey.Fetch, 12, fetch);
        for (var partition = 0; partition < 3; partition++)
        {
            consumer.Socket.Available.ShouldBe(0);
            await broker.ProduceAsync("orders", partition, TestBroker.Batch("x"));
        }
        var (_, response) = await consumer.ReceiveAsync<FetchResponse>(ApiKey.Fetch, 12);
        response.Responses.SelectMany(topic => topic.Partitions).Sum(partition => partition.Records!.Value.Length).ShouldBe(size * 3);
    }

    [Fact]
    public async Task One_batch_is_given_however_small_the_limits_and_no_second_one()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders", 2);
        var large = new string('x', 100_000);
        foreach (var partition in new[] { 0, 1 })
        {
            await broker.ProduceAsync("orders", partition, TestBroker.Batch(large));
            await broker.ProduceAsync("orders", partition, TestBroker.Batch("small"));
        }
        var fetch = Requests.Fetch(0, ("orders", 0, 0), ("orders", 1, 0));
        fetch.MaxBytes = 1;
        foreach (var topic in fetch.Topics) topic.Partitions[0].PartitionMaxBytes = 1;
        var response = await broker.Client.CallAsync<FetchRequest, FetchResponse>(ApiKey.Fetch, 12, fetch);
        var partitions = response.Responses.SelectMany(topic => topic.Partitions).ToArray();
        TestBroker.Values(partitions[0].Records).ShouldBe([large]);
        partitions[1].Records!.Value.Length.ShouldBe(0);
    }

    [Fact]
    public async Task Limits_cut_between_batches()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        for (var i = 0; i < 10; i++) await broker.ProduceAsync("orders", $"{i}");
        var fetch = Requests.Fetch(0, ("orders", 0, 0));
        fetch.Topics[0].Partitions[0].PartitionMaxBytes = TestBroker.Batch("0").Length * 3 + 10;
        var partition = (await broker.Client.CallAsync<FetchRequest, FetchResponse>(ApiKey.Fetch, 12, fetch)).Responses[0].Partitions[0];
        TestBroker.Values(partition.Records).ShouldBe(["0", "1", "2"]);
    }

    [Fact]
    public async Task The_brokers_own_limit_holds_where_a_client_asks_for_more()
    {
        await using var broker = await TestBroker.StartAsync(("fetch.max.bytes", "2048"));
        await broker.CreateAsync("orders");
        for (var i = 0; i < 10; i++) await broker.ProduceAsync("orders", new string('x', 500));
        var partition = await broker.FetchAsync("orders", 0);
        partition.Records!.Value.Length.ShouldBeInRange(1000, 2048);
        partition.HighWatermark.ShouldBe(10);
    }

    [Theory]
    [InlineData(0, 600_000)]
    [InlineData(1, 0)]
    [InlineData(int.MaxValue, 0)]
    public async Task Who_asks_for_nothing_or_grants_no_time_is_answered_at_once(int minBytes, int maxWaitMs)
    {
        // Its clock stands still: no long poll ends by itself.
        await using var broker = await TestBroker.StartAsync(new KafkaBrokerOptions { TimeProvider = new TestClock() });
        await broker.CreateAsync("orders");
        var fetch = Requests.Fetch(maxWaitMs, ("orders", 0, 0));
        fetch.MinBytes = minBytes;
        var response = await broker.Client.CallAsync<FetchRequest, FetchResponse>(ApiKey.Fetch, 12, fetch);
        response.Responses[0].Partitions[0].ShouldSatisfyAllConditions(
            it => it.ErrorCode.ShouldBe(ErrorCode.None), it => it.Records!.Value.Length.ShouldBe(0), it => it.HighWatermark.ShouldBe(0));
    }

    [Fact]
    public async Task Who_reads_committed_records_only_reads_to_the_last_stable_offset_and_is_told_all_three()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        await broker.ProduceAsync("orders", "a", "b");
        var fetch = Requests.Fetch(0, ("orders", 0, 0));
        fetch.IsolationLevel = 1;
        var partition = (await broker.Client.CallAsync<FetchRequest, FetchResponse>(ApiKey.Fetch, 12, fetch)).Responses[0].Partitions[0];
        TestBroker.Values(partition.Records).ShouldBe(["a", "b"]);
        (partition.HighWatermark, partition.LastStableOffset, partition.LogStartOffset).ShouldBe((2, 2, 0));
        partition.AbortedTransactions.ShouldNotBeNull().ShouldBeEmpty();
        partition.PreferredReadReplica.ShouldBe(-1);
    }

    [Fact]
    public async Task A_thousand_parked_fetches_are_all_woken_and_cost_nothing_while_they_wait()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        var consumers = Enumerable.Range(0, 1000).Select(_ => broker.Connect()).ToArray();
        foreach (var consumer in consumers) await consumer.SendAsync(ApiKey.Fetch, 12, Requests.Fetch(600_000, ("orders", 0, 0)));
        // Half of them leave: they must not be in the way of the others.
        foreach (var consumer in consumers[500..]) consumer.Dispose();
        await broker.ProduceAsync("orders", "for all");
        foreach (var consumer in consumers[..500])
        {
            var (_, response) = await consumer.ReceiveAsync<FetchResponse>(ApiKey.Fetch, 12);
            TestBroker.Values(response.Responses[0].Partitions[0].Records).ShouldBe(["for all"]);
            consumer.Dispose();
        }
        (await broker.ProduceAsync("orders", "still there")).BaseOffset.ShouldBe(1);
    }

    [Fact]
    public async Task Batches_in_a_compression_that_the_client_cannot_know_are_an_error()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        (await broker.ProduceAsync("orders", 0, InZstd(TestBroker.Batch("a")))).ErrorCode.ShouldBe(ErrorCode.None);
        var old = await broker.Client.CallAsync<FetchRequest, FetchResponse>(ApiKey.Fetch, 9, Requests.Fetch(0, ("orders", 0, 0)));
        old.Responses[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.UnsupportedCompressionType);
        (await broker.FetchAsync("orders", 0)).ErrorCode.ShouldBe(ErrorCode.None);
    }

    private static byte[] InZstd(byte[] batch)
    {
        RecordBatch.TryRead(batch, out var plain).ShouldBeTrue();
        using var zstd = RecordCompression.Recompress(plain, CompressionType.Zstd);
        return zstd.Bytes.ToArray();
    }

    [Fact]
    public async Task A_producer_is_answered_while_thousands_of_partitions_are_fetched()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("wide", 1000);
        using var consumer = broker.Connect();
        await consumer.SendAsync(ApiKey.Fetch, 12, Requests.Fetch(600_000, [.. Enumerable.Range(0, 1000).Select(i => ("wide", i, 0L))]));
        var start = Stopwatch.GetTimestamp();
        await broker.ProduceAsync("wide", 999, TestBroker.Batch("x"));
        var (_, response) = await consumer.ReceiveAsync<FetchResponse>(ApiKey.Fetch, 12);
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(Patience);
        response.Responses.SelectMany(topic => topic.Partitions).Count().ShouldBe(1000);
        response.Responses.SelectMany(topic => topic.Partitions).Single(partition => partition.Records!.Value.Length > 0).PartitionIndex.ShouldBe(999);
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition()) Stopwatch.GetElapsedTime(start).ShouldBeLessThan(Patience);
    }
}
