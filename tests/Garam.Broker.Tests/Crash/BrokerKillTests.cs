using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Garam.Broker.Tests.Crash;

/// <summary>The whole broker under real clients, killed again and again in the middle of its work.</summary>
public sealed class BrokerKillTests(ITestOutputHelper output)
{
    private static readonly int Kills = LongMode.Pick(3, 8);

    [Fact]
    public async Task Kill_9_loses_nothing_acknowledged_takes_no_commit_back_and_doubles_nothing()
    {
        using var directory = new TemporaryDirectory();
        var random = new Random(20261121);
        var broker = await BrokerProcess.StartAsync(directory.Path, "127.0.0.1:0");
        var inFlight = (Appends: 0, Rolls: 0, Commits: 0);
        var rolled = new HashSet<string>();
        try
        {
            await CreateTopicAsync(broker.Address);
            var load = new ClientLoad(broker.Address);
            await using (load)
            {
                for (var kill = 1; kill <= Kills; kill++)
                {
                    var goal = load.Acknowledged.Count + random.Next(300, 3000);
                    await Eventually.IsAsync(true, () => load.Acknowledged.Count >= goal && load.Committed.Count > 0);
                    var now = (Appends: load.Outstanding, Commits: load.Committing);
                    await broker.KillAsync();
                    var rolls = UncheckpointedRolls(directory.Path).Count(rolled.Add);
                    inFlight = (inFlight.Appends + now.Appends, inFlight.Rolls + rolls, inFlight.Commits + now.Commits);
                    output.WriteLine($"kill {kill}: {load.Acknowledged.Count} records acknowledged; in flight {now.Appends} records, {rolls} rolls not checkpointed, {now.Commits} commits");

                    var promised = load.Committed.ToArray();
                    broker = await BrokerProcess.StartAsync(directory.Path, broker.Address);
                    var found = CommittedOffsets(broker.Address);
                    promised.ShouldAllBe(commit => found[commit.Key] >= commit.Value);
                }
            }

            load.Failures.ShouldBeEmpty();
            Check(load, ReadAll(broker.Address));
            output.WriteLine($"{Kills} kills; in flight in all: {inFlight.Appends} records, {inFlight.Rolls} rolls not checkpointed, {inFlight.Commits} commits; {load.Acknowledged.Count} records are there once each");
            inFlight.Appends.ShouldBeGreaterThan(0, "no kill hit anything");
        }
        finally
        {
            broker.Dispose();
        }
    }

    private static void Check(ClientLoad load, IReadOnlyList<ConsumeResult<string, string>> log)
    {
        load.Acknowledged.Count.ShouldBe(load.Sent.Sum(), "idempotent producers deliver everything in the end");
        var byPlace = log.ToDictionary(record => (record.Partition.Value, record.Offset.Value), record => (Producer: int.Parse(record.Message.Key), Number: int.Parse(record.Message.Value)));
        foreach (var (producer, number, partition, offset) in load.Acknowledged)
        {
            byPlace[(partition, offset)].ShouldBe((producer, number));
        }

        log.Count.ShouldBe(load.Sent.Sum(), "nothing is there twice");
        foreach (var line in log.GroupBy(record => (record.Partition.Value, record.Message.Key)))
        {
            line.Select(record => int.Parse(record.Message.Value)).ShouldBeInOrder();
        }
    }

    private static async Task CreateTopicAsync(string servers)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification
        {
            Name = ClientLoad.Topic, NumPartitions = ClientLoad.Partitions, ReplicationFactor = 1,
            Configs = new() { ["segment.bytes"] = "20000", ["index.interval.bytes"] = "1000" },
        }]);
    }

    private static Dictionary<int, long> CommittedOffsets(string servers)
    {
        using var client = new ConsumerBuilder<string, string>(new ConsumerConfig { BootstrapServers = servers, GroupId = ClientLoad.Group }).Build();
        var partitions = Enumerable.Range(0, ClientLoad.Partitions).Select(partition => new TopicPartition(ClientLoad.Topic, partition));
        return client.Committed(partitions, TimeSpan.FromSeconds(30)).ToDictionary(committed => committed.Partition.Value, committed => committed.Offset.Value);
    }

    private static List<ConsumeResult<string, string>> ReadAll(string servers)
    {
        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { BootstrapServers = servers, GroupId = "auditor", EnablePartitionEof = true }).Build();
        consumer.Assign(Enumerable.Range(0, ClientLoad.Partitions).Select(partition => new TopicPartitionOffset(ClientLoad.Topic, partition, Offset.Beginning)));
        var log = new List<ConsumeResult<string, string>>();
        for (var ends = 0; ends < ClientLoad.Partitions;)
        {
            var record = consumer.Consume(TimeSpan.FromSeconds(30)) ?? throw new TimeoutException("A partition did not come to its end within 30 s.");
            if (record.IsPartitionEOF)
            {
                ends++;
            }
            else
            {
                log.Add(record);
            }
        }

        return log;
    }

    // The index of a closed segment is written with the next checkpoint: without one, the kill came between the two.
    private static IEnumerable<string> UncheckpointedRolls(string directory) =>
        Directory.GetDirectories(Path.Combine(directory, "data"), $"{ClientLoad.Topic}-*").SelectMany(partition => Directory.GetFiles(partition, "*.log")
            .Order(StringComparer.Ordinal).SkipLast(1).Where(segment => !File.Exists(Path.ChangeExtension(segment, ".index"))));
}
