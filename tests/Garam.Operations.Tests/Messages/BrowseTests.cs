using System.Globalization;
using Confluent.Kafka;
using CsCheck;
using Garam.Messaging.Producing;
using Garam.Operations.Messages;
using Garam.Operations.Queries;
using Garam.Operations.Tests.Queries;
using Garam.Operations.Topics;

namespace Garam.Operations.Tests.Messages;

public abstract class BrowseTests(TestKafka kafka) : MessageTests(kafka)
{
    [Fact]
    public async Task An_empty_topic_ends_at_once_and_says_so()
    {
        await CreateAsync(Topic, 3);
        var browsed = await BrowseAsync();
        browsed.Records.ShouldBeEmpty();
        browsed.Done!.Why.ShouldBe(BrowseEnd.Everything);
        browsed.Done.Older.ShouldBeNull();
        browsed.Done.Newer.ShouldNotBeNull();
        browsed.Progress!.Total.ShouldBe(0);
    }

    [Fact]
    public async Task A_topic_that_does_not_exist_is_not_found()
    {
        await FailureOf(FailureKind.NotFound, BrowseAsync);
        await CreateAsync(Topic, 1);
        await FailureOf(FailureKind.NotFound, () => BrowseAsync(new BrowseRequest(Topic) { Partitions = [1] }));
        await FailureOf(FailureKind.Invalid, () => BrowseAsync(new BrowseRequest(Topic) { Limit = 0 }));
        await FailureOf(FailureKind.Invalid, () => BrowseAsync(new BrowseRequest(Topic) { Cursor = "bm90aGluZw" }));
    }

    [Fact]
    public async Task Every_record_of_every_partition_is_read_once_in_the_order_of_its_partition()
    {
        await CreateAsync(Topic, 4);
        await WriteAsync(0, 1, Values("a", 30));
        await WriteAsync(2, 1, Values("b", 250));
        await WriteAsync(3, 1, "only");

        var browsed = await BrowseAsync();
        browsed.Records.Where(record => record.Partition == 2).Select(record => record.Offset).ShouldBe(Offsets(250));
        browsed.Records.Where(record => record.Partition == 0).Select(record => record.Offset).ShouldBe(Offsets(30));
        browsed.Records.Count.ShouldBe(281);
        browsed.Done!.Why.ShouldBe(BrowseEnd.Everything);
        (browsed.Progress!.Scanned, browsed.Progress.Total, browsed.Progress.Hits).ShouldBe((281, 281, 281));
        browsed.Progress.Bytes.ShouldBe(browsed.Records.Sum(record => record.Value!.Length));
    }

    [Fact]
    public async Task The_newest_come_first_and_partitions_are_merged_by_time()
    {
        await CreateAsync(Topic, 3);
        await WriteAsync(0, 1, "1", "2", "3");
        await WriteAsync(2, 4, "4", "5");
        await WriteAsync(0, 6, "6");

        (await BrowseAsync(new BrowseRequest(Topic) { Order = BrowseOrder.Newest, Limit = 4 })).Values.ShouldBe(["6", "5", "4", "3"]);
        (await BrowseAsync(new BrowseRequest(Topic) { Order = BrowseOrder.Newest })).Values.ShouldBe(["6", "5", "4", "3", "2", "1"]);
        (await BrowseAsync(new BrowseRequest(Topic) { Order = BrowseOrder.Newest, Limit = null })).Values.ShouldBe(["6", "5", "4", "3", "2", "1"]);
        (await BrowseAsync(new BrowseRequest(Topic) { Limit = 5 })).Values.ShouldBe(["1", "2", "3", "4", "5"]);
    }

    [Theory]
    [InlineData(BrowseOrder.Newest)]
    [InlineData(BrowseOrder.Oldest)]
    public async Task Pages_follow_each_other_without_a_gap_or_a_repetition_and_lead_back(BrowseOrder order)
    {
        await CreateAsync(Topic, 3);
        await WriteAsync(0, 1, Values("a", 40));
        await WriteAsync(1, 20, Values("b", 25));
        await WriteAsync(2, 60, Values("c", 7));

        var pages = new List<Browsed>();
        var request = new BrowseRequest(Topic) { Order = order, Limit = 10 };
        do
        {
            var page = await BrowseAsync(request);
            pages.Add(page);
            request = request with { Cursor = order is BrowseOrder.Newest ? page.Done!.Older : page.Done!.Newer };
        }
        while (pages[^1].Done!.Why is BrowseEnd.Limit);

        var read = pages.SelectMany(page => page.Records).ToList();
        read.Count.ShouldBe(72);
        read.Select(record => record.Place).Distinct().Count().ShouldBe(72);
        var times = read.Select(record => record.TimestampMs);
        times.ShouldBe(order is BrowseOrder.Newest ? times.OrderDescending() : times.Order());

        // And back again, from the third page to what lies on the other side of it.
        var back = order is BrowseOrder.Newest ? pages[2].Done!.Newer : pages[2].Done!.Older;
        var before = await BrowseAsync(new BrowseRequest(Topic) { Cursor = back, Limit = 10 });
        before.Places.Reverse().ShouldBe(pages[1].Places);
    }

    [Fact]
    public async Task A_page_goes_on_with_what_was_written_since()
    {
        await CreateAsync(Topic, 2);
        await WriteAsync(0, 1, "1", "2");
        var first = await BrowseAsync(new BrowseRequest(Topic) { Order = BrowseOrder.Newest });
        first.Done!.Older.ShouldBeNull();
        await WriteAsync(1, 3, "3");
        await WriteAsync(0, 4, "4");
        (await BrowseAsync(new BrowseRequest(Topic) { Cursor = first.Done.Newer })).Values.ShouldBe(["3", "4"]);
    }

    [Fact]
    public async Task A_range_is_bounded_on_both_sides_by_offsets_and_by_times()
    {
        await CreateAsync(Topic, 1);
        await WriteAsync(0, 100, Values("v", 20));
        (await BrowseAsync(Request("5", "8"))).Values.ShouldBe(["v5", "v6", "v7"]);
        (await BrowseAsync(Request("-2", null))).Values.ShouldBe(["v18", "v19"]);
        (await BrowseAsync(Request("start", "-18"))).Values.ShouldBe(["v0", "v1"]);
        (await BrowseAsync(Request("@103000", "@105000"))).Values.ShouldBe(["v3", "v4"]);
        (await BrowseAsync(Request("@103000", "@105000") with { Order = BrowseOrder.Newest })).Values.ShouldBe(["v4", "v3"]);
        (await BrowseAsync(Request("@1970-01-01T00:01:58Z", "end"))).Values.ShouldBe(["v18", "v19"]);
        (await BrowseAsync(Request("@500000", null))).Records.ShouldBeEmpty();
        (await BrowseAsync(Request("end", null))).Records.ShouldBeEmpty();
        (await BrowseAsync(Request("8", "5"))).Records.ShouldBeEmpty();
        (await BrowseAsync(Request("99999999", null))).Records.ShouldBeEmpty();

        BrowseRequest Request(string from, string? until) => new(Topic) { From = StartOffset.Parse(from), Until = until is null ? null : StartOffset.Parse(until) };
    }

    [Fact]
    public async Task A_record_comes_back_as_the_bytes_that_were_written()
    {
        await CreateAsync(Topic, 2, ("max.message.bytes", "4000000"), ("message.timestamp.after.max.ms", $"{long.MaxValue}"));
        var large = new byte[1_500_000];
        Random.Shared.NextBytes(large);
        NewRecord[] written =
        [
            new(Topic, null, null) { Partition = 0, TimestampMs = 1 },
            new(Topic, [], []) { Partition = 0, TimestampMs = 2 },
            new(Topic, Bytes("열쇠"), [0xff, 0xfe, 0x00]) { Partition = 0, TimestampMs = 3, Headers = [new("same", Bytes("1")), new("same", null), new("", Array.Empty<byte>())] },
            new(Topic, Bytes("k"), large) { Partition = 0, TimestampMs = long.MaxValue },
        ];
        var places = new List<StoredPlace>();
        foreach (var record in written)
            places.Add(await Messages.ProduceAsync(record, Ct));
        places.Select(place => place.Offset).ShouldBe(Offsets(4));

        var read = (await BrowseAsync()).Records;
        foreach (var (record, original) in read.Zip(written))
        {
            record.Key.ShouldBe(original.Key);
            (record.Value ?? []).AsSpan().SequenceEqual(original.Value).ShouldBeTrue();
            (record.Value is null).ShouldBe(original.Value is null);
            record.TimestampMs.ShouldBe(original.TimestampMs);
            record.Headers.Select(Show).ShouldBe(original.Headers.Select(Show));
        }

        (await Messages.ReadAsync(Topic, 0, 2, Ct))!.Key.ShouldBe(Bytes("열쇠"));
        (await Messages.ReadAsync(Topic, 0, 3, Ct))!.Value!.Length.ShouldBe(large.Length);
        (await Messages.ReadAsync(Topic, 0, 4, Ct)).ShouldBeNull();
        (await Messages.ReadAsync(Topic, 1, 0, Ct)).ShouldBeNull();
        (await Messages.ReadAsync(Topic, 0, long.MaxValue, Ct)).ShouldBeNull();
        await FailureOf(FailureKind.NotFound, () => Messages.ReadAsync(Topic, 7, 0, Ct));

        static string Show(RecordHeader header) => $"{header.Name}={(header.Value is { } bytes ? Convert.ToHexString(bytes.Span) : "null")}";
    }

    [Fact]
    public async Task A_stopped_browse_keeps_what_came_and_can_be_gone_on_with()
    {
        await CreateAsync(Topic, 1);
        await WriteAsync(0, 1, Values("v", 300));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var first = new Browsed();
        await foreach (var next in Messages.BrowseAsync(new BrowseRequest(Topic) { Limit = null }, stop.Token))
        {
            first.Add(next);
            if (first.Records.Count > 0)
                await stop.CancelAsync();
        }

        var rest = first.Done!.Why is BrowseEnd.Everything ? [] : (await BrowseAsync(new BrowseRequest(Topic) { Limit = null, Cursor = first.Done.Newer })).Records;
        first.Records.Concat(rest).Select(record => record.Offset).ShouldBe(Offsets(300));

        await stop.CancelAsync();
        await foreach (var next in Messages.BrowseAsync(new BrowseRequest(Topic), stop.Token))
            next.ShouldBe(new BrowseEvent.Done(BrowseEnd.Stopped, null, null));
    }

    [Fact]
    public async Task What_is_written_while_it_reads_is_not_part_of_it()
    {
        await CreateAsync(Topic, 1);
        await WriteAsync(0, 1, Values("v", 50));
        var browsed = new Browsed();
        var more = 50;
        await foreach (var next in Messages.BrowseAsync(new BrowseRequest(Topic) { Limit = null }, Ct))
        {
            browsed.Add(next);
            await WriteAsync(0, more, $"v{more++}");
        }

        browsed.Records.Count.ShouldBe(50);
    }

    [Fact]
    public async Task A_topic_that_is_deleted_while_it_is_read_ends_the_browse_with_an_error_or_with_all_of_it()
    {
        await CreateAsync(Topic, 1);
        var value = new byte[20_000];
        await Task.WhenAll(Enumerable.Range(0, 3_000).Select(_ => Messages.ProduceAsync(new NewRecord(Topic, null, value) { Partition = 0 }, Ct)));
        var browsed = new Browsed();
        try
        {
            await foreach (var next in Messages.BrowseAsync(new BrowseRequest(Topic) { Limit = null }, Ct))
            {
                if (browsed.Records.Count == 0)
                    await new TopicOperations(Connection).DeleteAsync([Topic], Ct);
                browsed.Add(next);
            }

            browsed.Records.Count.ShouldBe(3_000);
        }
        catch (OperationException exception)
        {
            exception.Kind.ShouldBe(FailureKind.NotFound, exception.Message);
        }
    }

    [Fact]
    public async Task A_search_finds_what_looking_at_every_record_finds()
    {
        await CreateAsync(Topic, 4);
        foreach (var record in QueryPropertyTests.Records.Array[400].Single())
            await Messages.ProduceAsync(new NewRecord(Topic, record.Key, record.Value) { Partition = record.Partition, TimestampMs = record.TimestampMs + 1, Headers = record.Headers }, Ct);
        var all = (await BrowseAsync()).Records;
        all.Count.ShouldBe(400);

        foreach (var (text, _) in QueryPropertyTests.Queries(2).Array[40].Single())
        {
            var query = RecordQuery.Parse(text);
            var expected = all.Where(query.Matches).Select(record => record.Place).ToHashSet();
            foreach (var request in new BrowseRequest[] { new(Topic) { Limit = null }, new(Topic) { Limit = 1_000 }, new(Topic) { Limit = null, Order = BrowseOrder.Newest } })
            {
                var found = await BrowseAsync(request with { Query = query });
                found.Records.Select(record => record.Place).ShouldBe(expected, ignoreOrder: true, $"{text} {request}");
                found.Done!.Why.ShouldBe(BrowseEnd.Everything);
            }
        }
    }

    [Fact]
    public async Task A_search_for_a_key_reads_the_partition_of_the_key_where_that_is_asked_for()
    {
        await CreateAsync(Topic, 16);
        var keys = Enumerable.Range(0, 60).Select(number => $"user-{number}").ToList();
        foreach (var key in keys)
            await Messages.ProduceAsync(new NewRecord(Topic, Bytes(key), Bytes(key)), Ct);
        foreach (var key in keys)
        {
            var found = await BrowseAsync(new BrowseRequest(Topic) { Query = RecordQuery.Parse($"key:{key}"), KeyNamesPartition = true });
            found.Values.ShouldBe([key]);
            found.Progress!.Total.ShouldBeLessThan(60);
        }
    }

    [Fact]
    public async Task A_rare_hit_far_back_is_found_and_the_page_after_it_goes_on()
    {
        await CreateAsync(Topic, 2);
        await Task.WhenAll(Enumerable.Range(0, 12_000).Select(number =>
            Messages.ProduceAsync(new NewRecord(Topic, null, Bytes(number % 4_000 == 7 ? $"needle {number}" : $"hay {number}")) { Partition = number % 2, TimestampMs = 1 + number }, Ct)));
        var request = new BrowseRequest(Topic) { Query = RecordQuery.Parse("needle"), Order = BrowseOrder.Newest, Limit = 2 };
        var first = await BrowseAsync(request);
        first.Values.ShouldBe(["needle 8007", "needle 4007"]);
        var second = await BrowseAsync(request with { Cursor = first.Done!.Older });
        second.Values.ShouldBe(["needle 7"]);
        second.Done!.Why.ShouldBe(BrowseEnd.Everything);
    }

    protected static IEnumerable<string> Values(string prefix, int count) => Enumerable.Range(0, count).Select(number => prefix + number.ToString(CultureInfo.InvariantCulture));

    protected static IEnumerable<long> Offsets(int count) => Enumerable.Range(0, count).Select(number => (long)number);
}

public sealed class BrowseOnGaram(GaramKafka kafka) : BrowseTests(kafka);

public sealed class BrowseOnApacheKafka(ApacheKafka kafka) : BrowseTests(kafka)
{
    [Fact]
    public async Task Aborted_records_are_not_shown_and_their_marks_do_not_hold_up_the_end()
    {
        await CreateAsync(Topic, 1);
        await WriteAsync(0, 1, "before");
        using var producer = new ProducerBuilder<byte[]?, byte[]>(Connection.Configure(new ProducerConfig { TransactionalId = TestKafka.NewName("tx") })).Build();
        producer.InitTransactions(TimeSpan.FromSeconds(30));
        Transaction(["aborted1", "aborted2"]);
        producer.Flush(Ct);                          // else they would not even be sent
        producer.AbortTransaction();
        Transaction(["committed"]);
        producer.CommitTransaction();

        (await BrowseAsync()).Values.ShouldBe(["before", "committed"]);
        (await BrowseAsync(new BrowseRequest(Topic) { Order = BrowseOrder.Newest })).Values.ShouldBe(["committed", "before"]);
        (await BrowseAsync(new BrowseRequest(Topic) { Order = BrowseOrder.Newest, Limit = 1 })).Values.ShouldBe(["committed"]);
        (await Messages.ReadAsync(Topic, 0, 1, Ct)).ShouldBeNull();
        (await Messages.ReadAsync(Topic, 0, 3, Ct)).ShouldBeNull();

        // An open transaction is not part of a browse, nor waited for.
        Transaction(["open"]);
        producer.Flush(Ct);
        (await BrowseAsync()).Values.ShouldBe(["before", "committed"]);
        producer.AbortTransaction();

        void Transaction(string[] values)
        {
            producer.BeginTransaction();
            foreach (var value in values)
                producer.Produce(new TopicPartition(Topic, 0), new Message<byte[]?, byte[]> { Value = Bytes(value) });
        }
    }
}
