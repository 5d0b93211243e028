using Garam.Operations.Clusters;
using Garam.Operations.Connections;

namespace Garam.Operations.Tests.Clusters;

public abstract class LogSizesTests(TestKafka kafka) : OperationsTests(kafka)
{
    [Fact]
    public async Task Sizes_are_told_for_each_copy_of_each_partition()
    {
        await CreateAsync(Topic, 2);
        await ProduceAsync(Topic, partition: 1, count: 10);
        var cluster = new ClusterOperations(Connection);
        var sizes = await cluster.SizesAsync((Topic, [0, 1]), Ct);
        sizes.Unknown.ShouldBeEmpty();
        sizes.Replicas.Select(replica => (replica.Topic, replica.Partition)).Order().ShouldBe([(Topic, 0), (Topic, 1)]);
        sizes.ByTopic[Topic].ShouldBeGreaterThan(0);
        sizes.Of(Topic, 1, sizes.Replicas[0].Broker).ShouldBe(sizes.ByTopic[Topic] - sizes.Of(Topic, 0, sizes.Replicas[0].Broker));

        var load = (await cluster.LoadAsync(await cluster.SizesAsync(null, Ct), Ct)).Single();
        load.Leaders.ShouldBeGreaterThanOrEqualTo(2);
        load.Replicas.ShouldBe(load.Leaders);
        load.Bytes!.Value.ShouldBeGreaterThanOrEqualTo(sizes.ByTopic[Topic]);
    }

    [Fact]
    public async Task Over_a_secured_connection_sizes_are_unknown_and_the_reason_is_told()
    {
        await CreateAsync(Topic, 1);
        using var secured = new KafkaConnection(Servers, new Dictionary<string, string> { ["security.protocol"] = "plaintext" });
        (await new ClusterOperations(secured).SizesAsync(null, Ct)).Unknown.ShouldBeEmpty();
        secured.SecurityProtocol.ShouldBeNull();
        new KafkaConnection(Servers, new Dictionary<string, string> { ["security.protocol"] = "SASL_SSL" }).SecurityProtocol.ShouldBe("SASL_SSL");
    }
}

public sealed class LogSizesOnGaram(GaramKafka kafka) : LogSizesTests(kafka);

public sealed class LogSizesOnApacheKafka(ApacheKafka kafka) : LogSizesTests(kafka);
