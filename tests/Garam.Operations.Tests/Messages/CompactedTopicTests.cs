using System.Text;
using Garam.Broker;
using Garam.Operations.Connections;
using Garam.Operations.Messages;
using Garam.Operations.Topics;

namespace Garam.Operations.Tests.Messages;

/// <summary>A topic whose offsets have gaps, on a broker that compacts at once.</summary>
public sealed class CompactedTopicTests
{
    private const int Written = 300;

    [Theory]
    [InlineData(BrowseOrder.Oldest)]
    [InlineData(BrowseOrder.Newest)]
    public async Task Gaps_neither_hold_up_a_browse_nor_break_its_pages(BrowseOrder order)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var broker = await KafkaBroker.StartAsync(new KafkaBrokerOptions { Configuration = new Dictionary<string, string> { ["log.cleaner.backoff.ms"] = "20" } }, ct);
        using var kafka = new KafkaConnection(broker.BootstrapServers);
        using var messages = new MessageOperations(kafka);
        await new TopicOperations(kafka).CreateAsync(
            ["users"], 1, 1, new Dictionary<string, string> { ["cleanup.policy"] = "compact", ["segment.ms"] = "1", ["min.cleanable.dirty.ratio"] = "0.01" }, dryRun: false, ct);
        for (var number = 0; number < Written; number++)
            await messages.ProduceAsync(new NewRecord("users", Encoding.UTF8.GetBytes($"k{number % 7}"), Encoding.UTF8.GetBytes($"{number}")) { TimestampMs = 1 + number }, ct);

        var all = await ReadAsync(new BrowseRequest("users") { Limit = null });
        await Eventually.Is(true, async () => (all = await ReadAsync(new BrowseRequest("users") { Limit = null })).Count < 40);
        all[^1].ShouldBe(Written - 1);

        var pages = new List<long>();
        for (var request = new BrowseRequest("users") { Limit = 3, Order = order }; request is not null;)
        {
            var (page, done) = await PageAsync(request);
            pages.AddRange(page);
            request = done.Why is BrowseEnd.Limit ? request with { Cursor = order is BrowseOrder.Newest ? done.Older : done.Newer } : null;
        }

        // Compaction may have gone on meanwhile: what is left of each key is its last record, and those are all there.
        var last = Enumerable.Range(Written - 7, 7).Select(number => (long)number);
        (order is BrowseOrder.Newest ? pages.AsEnumerable().Reverse() : pages).TakeLast(7).ShouldBe(last);
        pages.Distinct().Count().ShouldBe(pages.Count);
        pages.ShouldBeSubsetOf(all);

        async Task<IReadOnlyList<long>> ReadAsync(BrowseRequest request) => (await PageAsync(request)).Records;

        async Task<(IReadOnlyList<long> Records, BrowseEvent.Done Done)> PageAsync(BrowseRequest request)
        {
            var events = await messages.BrowseAsync(request, ct).ToListAsync(ct);
            return ([.. events.OfType<BrowseEvent.Rows>().SelectMany(rows => rows.Records).Select(record => record.Offset)], (BrowseEvent.Done)events[^1]);
        }
    }
}
