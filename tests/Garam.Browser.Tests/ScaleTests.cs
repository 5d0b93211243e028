using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using static Microsoft.Playwright.Assertions;

namespace Garam.Browser.Tests;

/// <summary>
/// A cluster as large as a console has to bear: ten thousand topics in the long mode. What is measured is printed and not asserted, because a test runs
/// on any machine; a call for each topic would take longer than the browser waits.
/// </summary>
public sealed class ScaleTests(Chromium chromium) : IDisposable
{
    private static readonly int Topics = LongMode.Pick(1_000, 10_000);
    private const int PartitionsOfEach = 3;
    private static readonly int Groups = LongMode.Pick(100, 1_000);
    private const int AtOnce = 500;

    private readonly string _data = Repository.NewFolder("scale");
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Thousands_of_topics_and_their_groups_are_listed_and_searched_at_once()
    {
        chromium.Require();
        await using var broker = await GaramProcess.BrokerAsync("127.0.0.1:0", _data, _ct);
        await FillAsync(broker.Kafka);
        await using var console = await GaramProcess.ConsoleAsync(broker.Kafka, _ct);
        await using var window = await chromium.OpenAsync(console.Http);

        await TimedAsync("topics, the first look", () => ShowsAsync(window, "/console/topics", "tbody tr", 50));
        await TimedAsync("topics, again", () => ShowsAsync(window, "/console/topics", "tbody tr", 50));
        await TimedAsync("topics, in the middle", () => ShowsAsync(window, $"/console/topics?page={Topics / 100}", "tbody tr", 50));
        await TimedAsync("topics, by a word", () => ShowsAsync(window, $"/console/topics?q={Topic(Topics - 1)}", "tbody tr", 1));
        await TimedAsync("groups", () => ShowsAsync(window, "/console/groups", "tbody tr", 50));
        await TimedAsync("overview", () => ShowsAsync(window, "/console", "tbody tr", 1, orMore: true));
        await Expect(window.Page.Locator("#figures")).ToContainTextAsync($"{Topics + 1:N0}");
        await Expect(window.Page.Locator("#figures")).ToContainTextAsync($"{Groups:N0}");
        await Expect(window.Page.Locator("#health")).ToContainTextAsync($"And {Groups - 1} more.");
        await TimedAsync("newest records of 64 partitions, 60 of them empty", () => ShowsAsync(window, "/console/topics/wide/messages", "tr.record", 40));
    }

    private async Task FillAsync(string kafka)
    {
        var started = Stopwatch.GetTimestamp();
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka }).Build();
        var patience = new CreateTopicsOptions { RequestTimeout = TimeSpan.FromMinutes(2), OperationTimeout = TimeSpan.FromMinutes(2) };
        foreach (var some in Enumerable.Range(0, Topics).Chunk(AtOnce))
            await admin.CreateTopicsAsync(some.Select(number => new TopicSpecification { Name = Topic(number), NumPartitions = PartitionsOfEach }), patience);
        await admin.CreateTopicsAsync([new TopicSpecification { Name = "wide", NumPartitions = 64 }], patience);

        using (var producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig { BootstrapServers = kafka }).Build())
        {
            for (var number = 0; number < Groups; number++)
                producer.Produce(new TopicPartition(Topic(number), 0), new() { Value = "{}"u8.ToArray() });
            for (var number = 0; number < 40; number++)
                producer.Produce(new TopicPartition("wide", number % 4 * 16), new() { Value = "{}"u8.ToArray() });
            producer.Flush(_ct);
        }

        await Parallel.ForAsync(0, Groups, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = _ct }, async (number, _) =>
            await admin.AlterConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitionOffsets($"g-{number:0000}", [new TopicPartitionOffset(Topic(number), 0, 0)])]));
        Tell($"made in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s: {Topics:N0} topics of {PartitionsOfEach} partitions, {Groups:N0} groups");
    }

    private static string Topic(int number) => $"t-{number:00000}";

    private static async Task ShowsAsync(Window window, string path, string rows, int count, bool orMore = false)
    {
        await window.GoAsync(path);
        if (orMore)
            await Expect(window.Page.Locator(rows).First).ToBeVisibleAsync();
        else
            await Expect(window.Page.Locator(rows)).ToHaveCountAsync(count);
    }

    private static async Task TimedAsync(string what, Func<Task> show)
    {
        var started = Stopwatch.GetTimestamp();
        await show();
        Tell($"{what}: rows on the screen after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
    }

    private static void Tell(string text) => TestContext.Current.TestOutputHelper!.WriteLine(text);
}
