using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Broker.Groups;
using Garam.Broker.Tests.Crash;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Tests.Groups;

/// <summary>Groups of real clients whose broker is killed: within a generation, and while one is being made.</summary>
public sealed class GroupKillTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string GroupId = "survivors";
    private const string Topic = "work";
    private const int Partitions = 6;

    // Longer than the broker is ever away: a client that has not heard of it for that long gives up its id by itself.
    private static readonly TimeSpan Session = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _directory = new();
    private BrokerProcess _broker = null!;
    private IProducer<string, string> _producer = null!;
    private int _sent;

    public async ValueTask InitializeAsync()
    {
        _broker = await BrokerProcess.StartAsync(_directory.Path, "127.0.0.1:0");
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = _broker.Address }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = Topic, NumPartitions = Partitions, ReplicationFactor = 1 }]);
        _producer = new ProducerBuilder<string, string>(new ProducerConfig
        {
            BootstrapServers = _broker.Address, EnableIdempotence = true, LingerMs = 1, ReconnectBackoffMs = 20, ReconnectBackoffMaxMs = 100,
        }).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
    }

    public ValueTask DisposeAsync()
    {
        _producer?.Dispose();
        _broker?.Dispose();
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Kill_9_in_a_generation_costs_no_member_its_id_nobody_its_partitions_and_no_record_is_handled_twice()
    {
        await using var first = Member();
        await using var second = Member();
        await using var third = Member(instance: "static");
        ClientMember[] members = [first, second, third];
        await SharesAreAsync("2 2 2", members);
        var before = members.Select(member => (member.MemberId, member.Rebalances)).ToList();

        for (var kill = 0; kill < LongMode.Pick(1, 3); kill++)
        {
            Send(200);
            var seen = members.Sum(member => member.Values.Count);
            await Eventually.IsAsync(true, () => members.Sum(member => member.Values.Count) > seen);
            await KillAndRestartAsync();
        }

        Send(60);
        await Eventually.IsAsync(_sent, () => Handled(members).Distinct().Count());
        Handled(members).Count.ShouldBe(_sent, "nobody's position was lost");
        members.Select(member => (member.MemberId, member.Rebalances)).ShouldBe(before);
    }

    [Fact]
    public async Task Kill_9_in_rebalance_after_rebalance_keeps_the_old_ids_takes_no_commit_back_and_assigns_every_partition_once()
    {
        var ledger = new CommitLedger();
        await using var first = Member(ledger);
        await using var second = Member(ledger, "static");
        List<ClientMember> members = [first, second];
        await SharesAreAsync("3 3", first, second);
        var ids = (first.MemberId, second.MemberId);
        var hits = new List<string>();
        for (var kill = 0; kill < LongMode.Pick(2, 4); kill++)
        {
            Send(100);
            await using var newcomer = Member(ledger);
            members.Add(newcomer);
            hits.Add(await MomentOfRebalanceAsync(newcomer, isLate: kill % 2 == 1));
            await KillAndRestartAsync();
            var promised = ledger.Promised;
            var found = Committed();
            promised.ShouldAllBe(promise => found[promise.Key] >= promise.Value);
        }

        await SharesAreAsync("3 3", first, second);
        Send(60);
        await Eventually.IsAsync(_sent, () => Handled(members).Distinct().Count());
        (first.MemberId, second.MemberId).ShouldBe(ids);
        ledger.GivenAgain.ShouldBeEmpty();
        output.WriteLine($"killed when the group was {string.Join(", ", hits)}; {_sent} records, {Handled(members).Count - _sent} of them handled twice because their commit was not acknowledged");
    }

    private static List<string> Handled(IEnumerable<ClientMember> members) => [.. members.SelectMany(member => member.Values)];

    // All partitions are somebody's and nobody shares one: "2 2 2".
    private static Task SharesAreAsync(string expected, params ClientMember[] members) => Eventually.IsAsync(expected, () =>
    {
        var shares = members.Select(member => member.Assigned).ToList();
        var all = shares.SelectMany(share => share).ToList();
        return all.Count == all.Distinct().Count() ? string.Join(' ', shares.Select(share => share.Count).OrderDescending()) : "shared";
    });

    private ClientMember Member(CommitLedger? ledger = null, string? instance = null) =>
        new(_broker.Address, GroupId, Topic, PartitionAssignmentStrategy.Range, instance, ledger, Session);

    private void Send(int records)
    {
        for (var i = 0; i < records; i++, _sent++)
        {
            _producer.Produce(new TopicPartition(Topic, _sent % Partitions), new Message<string, string> { Value = $"{_sent}" });
        }
    }

    private async Task KillAndRestartAsync()
    {
        var address = _broker.Address;
        await _broker.KillAsync();
        _broker.Dispose();
        _broker = await BrokerProcess.StartAsync(_directory.Path, address);
    }

    // Members are collected for as long as a heartbeat takes to come round; the moments after that are short, and are hit as they come.
    // Where this process gets too little of the CPU to see any of them, the rebalance ends with the newcomer's share.
    private async Task<string> MomentOfRebalanceAsync(ClientMember newcomer, bool isLate)
    {
        using var client = new WireClient(_broker.Address);
        var (state, stable) = ("", nameof(GroupState.Stable));
        await Eventually.IsAsync(true, async () => (state = await StateAsync(client)) != stable || newcomer.Assigned.Count > 0);
        while (isLate && state == nameof(GroupState.PreparingRebalance))
        {
            state = await StateAsync(client);
        }

        return state;
    }

    private static async Task<string> StateAsync(WireClient client) =>
        (await client.CallAsync<DescribeGroupsRequest, DescribeGroupsResponse>(ApiKey.DescribeGroups, 5, new DescribeGroupsRequest { Groups = [GroupId] })).Groups[0].GroupState;

    private Dictionary<int, long> Committed()
    {
        using var client = new ConsumerBuilder<string, string>(new ConsumerConfig { BootstrapServers = _broker.Address, GroupId = GroupId }).Build();
        return client.Committed(Enumerable.Range(0, Partitions).Select(partition => new TopicPartition(Topic, partition)), TimeSpan.FromSeconds(30))
            .ToDictionary(committed => committed.Partition.Value, committed => committed.Offset.Value);
    }
}
