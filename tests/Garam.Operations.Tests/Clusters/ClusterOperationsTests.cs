using Garam.Operations.Clusters;
using Garam.Operations.Groups;

namespace Garam.Operations.Tests.Clusters;

public abstract class ClusterOperationsTests(TestKafka kafka) : OperationsTests(kafka)
{
    [Fact]
    public async Task A_cluster_says_who_it_is_and_how_much_it_holds()
    {
        await CreateAsync(Topic, 3);
        var group = TestKafka.NewName("billing");
        await CommitAsync(group, Topic, (0, 0));
        await Eventually.Is(true, async () => (await new GroupOperations(Connection).ListAsync(Ct)).Any(listed => listed.Name == group));

        var cluster = await new ClusterOperations(Connection).DescribeAsync(Ct);
        cluster.Id.ShouldNotBeEmpty();
        cluster.Nodes.ShouldContain(node => Servers.Contains($":{node.Port}"));
        cluster.Nodes.ShouldContain(node => node.Id == cluster.Controller);
        cluster.Topics.ShouldBeGreaterThanOrEqualTo(1);
        cluster.Partitions.ShouldBeGreaterThanOrEqualTo(3);
        cluster.Groups.ShouldBeGreaterThanOrEqualTo(1);
    }
}

public sealed class ClusterOperationsOnGaram(GaramKafka kafka) : ClusterOperationsTests(kafka);

public sealed class ClusterOperationsOnApacheKafka(ApacheKafka kafka) : ClusterOperationsTests(kafka);
