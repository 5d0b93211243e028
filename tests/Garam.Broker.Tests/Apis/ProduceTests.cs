using Garam.Kafka;
using Garam.Kafka.Messages;
using Garam.Kafka.Records;

namespace Garam.Broker.Tests.Apis;

public sealed class ProduceTests
{
    [Fact]
    public async Task Every_version_appends_and_answers_with_the_offset()
    {
        await using var broker = await TestBroker.StartAsync();
        var id = (await broker.CreateAsync("orders")).TopicId;
        for (short version = 3; version <= 13; version++)
        {
            var request = Requests.Produce(-1, ("orders", 0, TestBroker.Batch("a", "b")));
            if (version == 13) request.TopicData[0].TopicId = id;
            var answer = (await broker.Client.CallAsync<ProduceRequest, ProduceResponse>(ApiKey.Produce, version, request)).Responses[0].PartitionResponses[0];
            answer.ErrorCode.ShouldBe(ErrorCode.None);
            answer.BaseOffset.ShouldBe((version - 3) * 2);
        }
        (await broker.ListOffsetAsync("orders", -1)).Offset.ShouldBe(22);
    }

    [Fact]
    public async Task Version_0_is_advertised_and_refused()
    {
        await using var broker = await TestBroker.StartAsync();
        var apis = (await broker.Client.CallAsync<ApiVersionsRequest, ApiVersionsResponse>(ApiKey.ApiVersions, 2, new ApiVersionsRequest())).ApiKeys;
        apis.Single(api => api.ApiKey == (short)ApiKey.Produce).MinVersion.ShouldBe((short)0);
        await broker.Client.SendRawAsync(Convert.FromHexString("0000001200000000000000010000ffff000003e800000000"[..44]));
        await broker.Client.ShouldBeClosedAsync();
    }

    [Fact]
    public async Task Without_acks_nothing_is_answered_and_an_error_closes_the_connection()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        await broker.Client.SendAsync(ApiKey.Produce, 9, Requests.Produce(0, ("orders", 0, TestBroker.Batch("a"))));
        (await broker.ListOffsetAsync("orders", -1)).Offset.ShouldBe(1);

        using var client = broker.Connect();
        await client.SendAsync(ApiKey.Produce, 9, Requests.Produce(0, ("none", 0, TestBroker.Batch("a"))));
        await client.ShouldBeClosedAsync();
    }

    [Fact]
    public async Task Clients_do_not_write_to_internal_topics_and_the_broker_starts_again()
    {
        using var data = new TemporaryDirectory();
        await using (var broker = await TestBroker.StartAsync(data.Options))
        {
            await broker.CreateAsync("orders");
            await broker.Client.CallAsync<OffsetCommitRequest, OffsetCommitResponse>(ApiKey.OffsetCommit, 8, new OffsetCommitRequest
            {
                GroupId = "group",
                Topics = [new() { Name = "orders", Partitions = [new() { CommittedOffset = 0 }] }],
            });
            (await broker.ProduceAsync("__consumer_offsets", 0, TestBroker.Batch("not an offset"))).ErrorCode.ShouldBe(ErrorCode.InvalidTopicException);
            (await broker.ListOffsetAsync("__consumer_offsets", -1)).Offset.ShouldBe(1);
        }
        await using var again = await TestBroker.StartAsync(data.Options);
    }

    [Fact]
    public async Task Partitions_of_one_request_succeed_and_fail_alone()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders", 2);
        var torn = TestBroker.Batch("a");
        torn[^1] ^= 1;
        var response = await broker.Client.CallAsync<ProduceRequest, ProduceResponse>(ApiKey.Produce, 9, Requests.Produce(-1,
            ("orders", 0, TestBroker.Batch("a")), ("orders", 1, torn), ("orders", 7, TestBroker.Batch("a")), ("none", 0, TestBroker.Batch("a")),
            ("orders", 0, TestBroker.Batch("again")), ("orders", 1, null)));
        response.Responses.Select(topic => topic.PartitionResponses[0].ErrorCode).ShouldBe(
            [ErrorCode.None, ErrorCode.CorruptMessage, ErrorCode.UnknownTopicOrPartition, ErrorCode.UnknownTopicOrPartition, ErrorCode.InvalidRequest, ErrorCode.InvalidRequest]);
        TestBroker.Values((await broker.FetchAsync("orders", 0)).Records).ShouldBe(["a"]);
        (await broker.FetchAsync("orders", 0, partition: 1)).HighWatermark.ShouldBe(0);
    }

    [Theory]
    [InlineData((short)2)]
    [InlineData((short)-2)]
    public async Task Acks_are_none_one_or_all(short acks)
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        (await broker.ProduceAsync("orders", 0, TestBroker.Batch("a"), acks)).ErrorCode.ShouldBe(ErrorCode.InvalidRequiredAcks);
        (await broker.ListOffsetAsync("orders", -1)).Offset.ShouldBe(0);
    }

    [Fact]
    public async Task Bad_batches_are_refused_with_a_reason()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders", 1, ("max.message.bytes", "1000"), ("cleanup.policy", "compact"));
        (await broker.ProduceAsync("orders", 0, null)).ErrorCode.ShouldBe(ErrorCode.InvalidRecord);
        (await broker.ProduceAsync("orders", 0, [])).ErrorCode.ShouldBe(ErrorCode.InvalidRecord);
        (await broker.ProduceAsync("orders", 0, [1, 2, 3])).ErrorCode.ShouldBe(ErrorCode.InvalidRecord);
        (await broker.ProduceAsync("orders", 0, [.. TestBroker.Batch("a"), .. TestBroker.Batch("b")])).ErrorCode.ShouldBe(ErrorCode.InvalidRecord);
        (await broker.ProduceAsync("orders", new string('x', 1000))).ErrorCode.ShouldBe(ErrorCode.MessageTooLarge);
        var transactional = TestBroker.Batch(0, new RecordBatchBuilder { ProducerId = 1, ProducerEpoch = 0, BaseSequence = 0, Attributes = default(BatchAttributes).AsTransactional() }, "a");
        (await broker.ProduceAsync("orders", 0, transactional)).ErrorCode.ShouldBe(ErrorCode.InvalidTxnState);
        var zstd = TestBroker.Batch(0, new RecordBatchBuilder { Attributes = default(BatchAttributes).With(CompressionType.Zstd) }, "a");
        (await broker.ProduceAsync("orders", 0, zstd, version: 6)).ErrorCode.ShouldBe(ErrorCode.UnsupportedCompressionType);
        (await broker.ListOffsetAsync("orders", -1)).Offset.ShouldBe(0);
    }

    [Fact]
    public async Task A_batch_larger_than_a_segment_is_too_large_a_list_and_one_larger_than_a_message_may_be_too_large_a_message()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders", 1, ("segment.bytes", "1048576"), ("max.message.bytes", "2000000"));
        (await broker.ProduceAsync("orders", new string('x', 1_500_000))).ErrorCode.ShouldBe(ErrorCode.RecordListTooLarge);
        (await broker.ProduceAsync("orders", new string('x', 2_500_000))).ErrorCode.ShouldBe(ErrorCode.MessageTooLarge);
        (await broker.ProduceAsync("orders", new string('x', 1_000_000))).BaseOffset.ShouldBe(0);
    }

    [Fact]
    public async Task A_producer_that_grants_no_time_is_answered_when_its_records_are_safe()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders", 1, ("flush.messages", "1"));
        var request = Requests.Produce(-1, ("orders", 0, TestBroker.Batch("a")));
        request.TimeoutMs = 0;
        (await broker.Client.CallAsync<ProduceRequest, ProduceResponse>(ApiKey.Produce, 9, request)).Responses[0].PartitionResponses[0].ErrorCode.ShouldBe(ErrorCode.None);
        (await broker.ListOffsetAsync("orders", -1)).Offset.ShouldBe(1);
    }

    [Fact]
    public async Task A_batch_that_is_sent_again_is_not_appended_again()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        var builder = new RecordBatchBuilder { ProducerId = 7, ProducerEpoch = 0, BaseSequence = 0 };
        var batch = TestBroker.Batch(1_700_000_000_000, builder, "a", "b");
        (await broker.ProduceAsync("orders", 0, batch)).BaseOffset.ShouldBe(0);
        (await broker.ProduceAsync("orders", "other")).BaseOffset.ShouldBe(2);
        (await broker.ProduceAsync("orders", 0, batch)).ShouldSatisfyAllConditions(it => it.ErrorCode.ShouldBe(ErrorCode.None), it => it.BaseOffset.ShouldBe(0));
        (await broker.ListOffsetAsync("orders", -1)).Offset.ShouldBe(3);
    }

    [Fact]
    public async Task With_a_flush_policy_an_answer_waits_for_the_disk_and_the_records_are_there()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders", 1, ("flush.messages", "1"));
        var clients = Enumerable.Range(0, 8).Select(_ => broker.Connect()).ToArray();
        await Task.WhenAll(clients.Select(async client =>
        {
            for (var i = 0; i < 20; i++)
            {
                var answer = (await client.CallAsync<ProduceRequest, ProduceResponse>(ApiKey.Produce, 9, Requests.Produce(-1, ("orders", 0, TestBroker.Batch("a")))))
                    .Responses[0].PartitionResponses[0];
                answer.ErrorCode.ShouldBe(ErrorCode.None);
                (await client.CallAsync<FetchRequest, FetchResponse>(ApiKey.Fetch, 12, Requests.Fetch(0, ("orders", 0, answer.BaseOffset))))
                    .Responses[0].Partitions[0].HighWatermark.ShouldBeGreaterThan(answer.BaseOffset);
            }
        }));
        foreach (var client in clients) client.Dispose();
        (await broker.ListOffsetAsync("orders", -1)).Offset.ShouldBe(160);
    }

    [Fact]
    public async Task The_brokers_clock_stamps_where_the_topic_says_so()
    {
        var time = new TestClock();
        await using var broker = await TestBroker.StartAsync(new KafkaBrokerOptions { TimeProvider = time });
        await broker.CreateAsync("orders", 1, ("message.timestamp.type", "LogAppendTime"));
        (await broker.ProduceAsync("orders", "a")).LogAppendTimeMs.ShouldBe(time.GetUtcNow().ToUnixTimeMilliseconds());
        (await broker.ListOffsetAsync("orders", time.GetUtcNow().ToUnixTimeMilliseconds())).Offset.ShouldBe(0);
        (await broker.ListOffsetAsync("orders", time.GetUtcNow().ToUnixTimeMilliseconds() + 1)).Offset.ShouldBe(-1);
    }
}
