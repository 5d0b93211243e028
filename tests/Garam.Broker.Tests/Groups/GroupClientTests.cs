using System.Collections.Concurrent;
using System.Diagnostics;
using Confluent.Kafka;

namespace Garam.Broker.Tests.Groups;

/// <summary>Groups of clients that nobody here wrote: librdkafka through Confluent.Kafka, and kcat.</summary>
public sealed class GroupClientTests : IAsyncLifetime
{
    private const string Group = "group";
    private const string Topic = "topic";
    private const int Partitions = 6;

    private readonly string _directory = Directory.CreateTempSubdirectory("garam-groups-").FullName;
    private KafkaBroker _broker = null!;

    public async ValueTask InitializeAsync()
    {
        await StartBrokerAsync("127.0.0.1:0");
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = _broker.BootstrapServers }).Build();
        await admin.CreateTopicsAsync([new() { Name = Topic, NumPartitions = Partitions, ReplicationFactor = 1 }]);
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData(PartitionAssignmentStrategy.Range)]
    [InlineData(PartitionAssignmentStrategy.CooperativeSticky)]
    public async Task Consumers_share_the_partitions_as_they_come_and_go(PartitionAssignmentStrategy strategy)
    {
        await using var first = Member(strategy);
        await SharesAreAsync("6", first);
        await using var second = Member(strategy);
        await SharesAreAsync("3 3", first, second);
        var third = Member(strategy);
        await SharesAreAsync("2 2 2", first, second, third);
        await ProduceAsync(0, 300);
        await Eventually.IsAsync(300, () => first.Values.Concat(second.Values).Concat(third.Values).Distinct().Count());

        await third.DisposeAsync();
        await SharesAreAsync("3 3", first, second);
        await ProduceAsync(300, 600);
        await Eventually.IsAsync(600, () => first.Values.Concat(second.Values).Concat(third.Values).Distinct().Count());
    }

    [Fact]
    public async Task A_restart_of_the_broker_in_a_generation_costs_no_member_its_id_and_nobody_its_partitions()
    {
        await using var first = Member();
        await using var second = Member();
        await SharesAreAsync("3 3", first, second);
        var before = (first.MemberId, second.MemberId, first.Rebalances, second.Rebalances);

        await RestartBrokerAsync();
        await ProduceAsync(0, 60);

        await Eventually.IsAsync(60, () => first.Values.Concat(second.Values).Distinct().Count());
        (first.MemberId, second.MemberId, first.Rebalances, second.Rebalances).ShouldBe(before);
    }

    [Fact]
    public async Task Committed_offsets_survive_a_restart_of_the_broker()
    {
        await ProduceAsync(0, 100);
        await using (var member = Member(ledger: new CommitLedger()))
        {
            await Eventually.IsAsync(100, () => member.Values.Count);
        }

        await RestartBrokerAsync();
        await ProduceAsync(100, 120);
        await using var later = Member();
        await Eventually.IsAsync(20, () => later.Values.Count);
        later.Values.Select(int.Parse).Min().ShouldBe(100, "nothing that was committed is read again");
    }

    [Fact]
    public async Task A_static_member_restarts_without_a_rebalance()
    {
        await using var stays = Member(instance: "stays");
        var restarts = Member(instance: "restarts");
        await SharesAreAsync("3 3", stays, restarts);
        var (partitions, rebalances) = (restarts.Assigned, stays.Rebalances);

        await restarts.DisposeAsync();
        restarts = Member(instance: "restarts");
        await Eventually.IsAsync(3, () => restarts.Assigned.Count);

        restarts.Assigned.ShouldBe(partitions);
        stays.Rebalances.ShouldBe(rebalances);
        await restarts.DisposeAsync();
    }

    [Fact]
    public async Task Kcat_consumes_in_a_group_that_other_clients_are_in()
    {
        Assert.SkipUnless(IsOnPath("kcat"), "kcat is not on the PATH.");
        await using var member = Member();
        await SharesAreAsync("6", member);
        using var kcat = Process.Start(new ProcessStartInfo("kcat", $"-b {_broker.BootstrapServers} -G {Group} -q -u -X auto.offset.reset=earliest -X heartbeat.interval.ms=300 {Topic}") { RedirectStandardOutput = true })!;
        try
        {
            await SharesAreAsync("3", member);
            await ProduceAsync(0, 200);
            var read = new ConcurrentQueue<string>();
            kcat.OutputDataReceived += (_, line) => read.Enqueue(line.Data ?? "");
            kcat.BeginOutputReadLine();
            await Eventually.IsAsync(200, () => read.Concat(member.Values).Distinct().Count());
            read.ShouldNotBeEmpty();
        }
        finally
        {
            kcat.Kill();
            await kcat.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, program)));

    private ClientMember Member(PartitionAssignmentStrategy strategy = PartitionAssignmentStrategy.Range, string? instance = null, CommitLedger? ledger = null) =>
        new(_broker.BootstrapServers, Group, Topic, strategy, instance, ledger);

    // All partitions are somebody's and nobody shares one: "2 2 2".
    private static Task SharesAreAsync(string expected, params ClientMember[] members) => Eventually.IsAsync(expected, () =>
    {
        var shares = members.Select(member => member.Assigned).ToList();
        var distinct = shares.SelectMany(share => share).ToList();
        return distinct.Count == distinct.Distinct().Count() ? string.Join(' ', shares.Select(share => share.Count).OrderDescending()) : "shared";
    });

    private async Task ProduceAsync(int from, int to)
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = _broker.BootstrapServers, EnableIdempotence = true }).Build();
        await Task.WhenAll(Enumerable.Range(from, to - from).Select(i =>
            producer.ProduceAsync(new TopicPartition(Topic, i % Partitions), new Message<string, string> { Key = "k", Value = i.ToString() })));
    }

    private async Task StartBrokerAsync(string listen) =>
        _broker = await KafkaBroker.StartAsync(new KafkaBrokerOptions { Listen = listen, DataDirectory = _directory });

    private async Task RestartBrokerAsync()
    {
        var listen = _broker.BootstrapServers;
        await _broker.DisposeAsync();
        await StartBrokerAsync(listen);
    }
}
