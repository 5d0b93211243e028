using Garam.Messaging.Producing;
using Garam.Operations.Messages;
using Garam.Operations.Queries;

namespace Garam.Operations.Tests.Messages;

public abstract class CopyTests(TestKafka kafka) : MessageTests(kafka)
{
    private string Target => $"{Topic}-copy";

    [Fact]
    public async Task A_copy_keeps_bytes_headers_times_and_partitions()
    {
        await WriteBothAsync(3, 3);
        var last = await CopyAsync(new CopyRequest(All, Target) { KeepPartitions = true });
        (last.Matched, last.Written, last.Done).ShouldBe((60, 60, true));

        var (source, copies) = (await SortedAsync(Topic), await SortedAsync(Target));
        copies.Select(Show).ShouldBe(source.Select(Show));
    }

    [Fact]
    public async Task A_dry_run_counts_and_writes_nothing()
    {
        await WriteBothAsync(3, 1);
        var last = await CopyAsync(new CopyRequest(All with { Query = RecordQuery.Parse("key:key-1") }, Target) { DryRun = true });
        (last.Matched, last.Written, last.Scanned, last.Total).ShouldBe((6, 0, 60, 60));
        (await SortedAsync(Target)).ShouldBeEmpty();
    }

    [Fact]
    public async Task By_key_records_of_a_key_keep_their_order_and_say_where_they_come_from()
    {
        await WriteBothAsync(1, 4);
        await CopyAsync(new CopyRequest(All, Target) { MarkOrigin = true, KeepTimestamps = false });
        var copies = await SortedAsync(Target);
        copies.Count.ShouldBe(20);
        foreach (var ofKey in copies.Where(copy => copy.Key is not null).GroupBy(copy => Text(copy.Key)))
        {
            ofKey.Select(copy => copy.Partition).Distinct().Count().ShouldBe(1);
            ofKey.Select(copy => int.Parse(Text(copy.Value)!, System.Globalization.CultureInfo.InvariantCulture)).ShouldBeInOrder(SortDirection.Ascending);
        }

        copies.ShouldAllBe(copy => copy.Header(CopyRequest.OriginHeader) == $"{Topic}:0:{Text(copy.Value)}");
        copies.ShouldAllBe(copy => copy.TimestampMs > 1_000_000);
    }

    [Fact]
    public async Task What_cannot_be_copied_is_refused_before_anything_is_written()
    {
        await WriteBothAsync(3, 1);
        await FailureOf(FailureKind.Invalid, () => CopyAsync(new CopyRequest(All, Target) { KeepPartitions = true }));
        await FailureOf(FailureKind.NotFound, () => CopyAsync(new CopyRequest(All, $"{Topic}-nothing")));
        (await SortedAsync(Target)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_topic_copied_into_itself_is_copied_once()
    {
        await WriteBothAsync(1, 1);
        (await CopyAsync(new CopyRequest(All, Topic))).Written.ShouldBe(20);
        (await SortedAsync(Topic)).Count.ShouldBe(40);
    }

    private BrowseRequest All => new(Topic) { Limit = null };

    private async Task WriteBothAsync(int partitions, int targetPartitions)
    {
        await CreateAsync(Topic, partitions);
        await CreateAsync(Target, targetPartitions);
        for (var number = 0; number < 20 * partitions; number++)
        {
            await Messages.ProduceAsync(
                new NewRecord(Topic, number % 10 == 9 ? null : Bytes($"key-{number % 10}"), number % 7 == 6 && partitions > 1 ? null : Bytes($"{number}"))
                {
                    Partition = number % partitions,
                    TimestampMs = 1 + number,
                    Headers = number % 3 == 0 ? [new RecordHeader("h", null), RecordHeader.Text("h", "2")] : [],
                },
                Ct);
        }
    }

    private async Task<CopyProgress> CopyAsync(CopyRequest request)
    {
        CopyProgress? last = null;
        await foreach (var progress in Messages.CopyAsync(request, Ct))
            last = progress;
        return last!;
    }

    private async Task<List<StoredRecord>> SortedAsync(string topic) =>
        [.. (await BrowseAsync(new BrowseRequest(topic) { Limit = null })).Records.OrderBy(record => record.Partition).ThenBy(record => record.Offset)];

    private static string Show(StoredRecord record) =>
        $"{record.Partition}/{record.Offset} {record.TimestampMs} {Text(record.Key) ?? "null"} {Text(record.Value) ?? "null"} {string.Join(',', record.Headers.Select(header => $"{header.Name}={header.AsText() ?? "null"}"))}";
}

public sealed class CopyOnGaram(GaramKafka kafka) : CopyTests(kafka);

public sealed class CopyOnApacheKafka(ApacheKafka kafka) : CopyTests(kafka);
