using Garam.Broker;
using Garam.Operations.Connections;
using Garam.Operations.Groups;

namespace Garam.Operations.Tests.Groups;

public sealed class GroupListingTests
{
    /// <summary>With the client's newer call this did not fail but ended the process: "free(): double free detected".</summary>
    [Fact]
    public async Task A_broker_that_goes_away_fails_the_list_and_not_the_process()
    {
        var ct = TestContext.Current.CancellationToken;
        var broker = await KafkaBroker.StartAsync();
        using var kafka = new KafkaConnection(broker.BootstrapServers, new Dictionary<string, string> { ["socket.timeout.ms"] = "1000" });
        var groups = new GroupOperations(kafka);
        (await groups.ListAsync(ct)).ShouldBeEmpty();
        await broker.DisposeAsync();
        for (var look = 0; look < 5; look++)
            {
            var failure = await Should.ThrowAsync<OperationException>(() => groups.ListAsync(ct));
            failure.Kind.ShouldBe(FailureKind.Unreachable, (failure.InnerException as Confluent.Kafka.KafkaException)?.Error.Code.ToString());
        }
    }
}
