using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Tests.Fetching;

public sealed class FetchSessionTests
{
    [Fact]
    public async Task A_session_answers_with_what_is_new_only()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders", 3);
        var first = await FetchAsync(broker, 0, 0, ("orders", 0, 0), ("orders", 1, 0), ("orders", 2, 0));
        first.SessionId.ShouldNotBe(0);
        Partitions(first).ShouldBe([0, 1, 2]);

        Partitions(await FetchAsync(broker, first.SessionId, 1)).ShouldBeEmpty();
        await broker.ProduceAsync("orders", 1, TestBroker.Batch("x"));
        Partitions(await FetchAsync(broker, first.SessionId, 2)).ShouldBe([1]);
        // The client has moved on: nothing is new.
        Partitions(await FetchAsync(broker, first.SessionId, 3, ("orders", 1, 1))).ShouldBeEmpty();
        Partitions(await FetchAsync(broker, first.SessionId, 4)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_session_forgets_and_learns_partitions()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders", 2);
        var session = (await FetchAsync(broker, 0, 0, ("orders", 0, 0))).SessionId;
        Partitions(await FetchAsync(broker, session, 1, ("orders", 1, 0))).ShouldBe([1]);
        var forget = Requests.Fetch(0);
        (forget.SessionId, forget.SessionEpoch) = (session, 2);
        forget.ForgottenTopicsData.Add(new FetchRequest.ForgottenTopic { Topic = "orders", Partitions = [0] });
        await broker.Client.CallAsync<FetchRequest, FetchResponse>(ApiKey.Fetch, 12, forget);
        await broker.ProduceAsync("orders", 0, TestBroker.Batch("x"));
        await broker.ProduceAsync("orders", 1, TestBroker.Batch("x"));
        Partitions(await FetchAsync(broker, session, 3)).ShouldBe([1]);
    }

    [Fact]
    public async Task Wrong_ids_and_epochs_are_errors_of_the_request()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        (await FetchAsync(broker, 12345, 1)).ErrorCode.ShouldBe(ErrorCode.FetchSessionIdNotFound);
        var session = (await FetchAsync(broker, 0, 0, ("orders", 0, 0))).SessionId;
        (await FetchAsync(broker, session, 2)).ErrorCode.ShouldBe(ErrorCode.InvalidFetchSessionEpoch);
        (await FetchAsync(broker, session, 1)).ErrorCode.ShouldBe(ErrorCode.None);
        // Epoch -1 closes the session and answers in full.
        Partitions(await FetchAsync(broker, session, -1, ("orders", 0, 0))).ShouldBe([0]);
        (await FetchAsync(broker, session, 2)).ErrorCode.ShouldBe(ErrorCode.FetchSessionIdNotFound);
    }

    [Fact]
    public async Task A_deleted_topic_is_news_every_time()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        var session = (await FetchAsync(broker, 0, 0, ("orders", 0, 0))).SessionId;
        await broker.DeleteAsync("orders");
        for (var epoch = 1; epoch < 4; epoch++)
            (await FetchAsync(broker, session, epoch)).Responses.ShouldHaveSingleItem().Partitions[0].ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
    }

    [Fact]
    public async Task Without_a_free_slot_a_client_fetches_without_a_session()
    {
        var time = new TestClock();
        await using var broker = await TestBroker.StartAsync(new KafkaBrokerOptions
        {
            TimeProvider = time,
            Configuration = new Dictionary<string, string> { ["max.incremental.fetch.session.cache.slots"] = "2" },
        });
        await broker.CreateAsync("orders");
        var first = (await FetchAsync(broker, 0, 0, ("orders", 0, 0))).SessionId;
        var second = (await FetchAsync(broker, 0, 0, ("orders", 0, 0))).SessionId;
        var third = await FetchAsync(broker, 0, 0, ("orders", 0, 0));
        third.SessionId.ShouldBe(0);
        Partitions(third).ShouldBe([0]);

        time.Advance(TimeSpan.FromMinutes(3));
        (await FetchAsync(broker, second, 1)).ErrorCode.ShouldBe(ErrorCode.None);
        (await FetchAsync(broker, 0, 0, ("orders", 0, 0))).SessionId.ShouldNotBe(0);
        (await FetchAsync(broker, first, 1)).ErrorCode.ShouldBe(ErrorCode.FetchSessionIdNotFound);
        (await FetchAsync(broker, second, 2)).ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task No_partition_starves_behind_a_busy_one()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders", 3);
        for (var partition = 0; partition < 3; partition++)
        {
            for (var i = 0; i < 3; i++) await broker.ProduceAsync("orders", partition, TestBroker.Batch(new string('x', 10_000)));
        }
        var served = new List<int>();
        var response = await FetchAsync(broker, 0, 0, 15_000, ("orders", 0, 0), ("orders", 1, 0), ("orders", 2, 0));
        for (var epoch = 1; epoch < 4; epoch++)
        {
            served.AddRange(WithRecords(response));
            // A client that never gets on: its first partition always has more.
            response = await FetchAsync(broker, response.SessionId, epoch, 15_000);
        }
        served.Distinct().Order().ShouldBe([0, 1, 2]);
    }

    private static Task<FetchResponse> FetchAsync(TestBroker broker, int session, int epoch, params (string Topic, int Partition, long Offset)[] partitions) =>
        FetchAsync(broker, session, epoch, 50 * 1024 * 1024, partitions);

    private static Task<FetchResponse> FetchAsync(TestBroker broker, int session, int epoch, int maxBytes, params (string Topic, int Partition, long Offset)[] partitions)
    {
        var request = Requests.Fetch(0, partitions);
        (request.SessionId, request.SessionEpoch, request.MaxBytes) = (session, epoch, maxBytes);
        return broker.Client.CallAsync<FetchRequest, FetchResponse>(ApiKey.Fetch, 12, request);
    }

    private static int[] Partitions(FetchResponse response) => [.. response.Responses.SelectMany(topic => topic.Partitions).Select(partition => partition.PartitionIndex)];

    private static int[] WithRecords(FetchResponse response) =>
        [.. response.Responses.SelectMany(topic => topic.Partitions).Where(partition => partition.Records!.Value.Length > 0).Select(partition => partition.PartitionIndex)];
}
