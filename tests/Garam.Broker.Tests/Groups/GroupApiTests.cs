using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Tests.Groups;

/// <summary>The contract on the embedded broker.</summary>
public sealed class GroupApiTests : GroupApiContract
{
    private KafkaBroker? _broker;

    protected override async Task<string> BootstrapServersAsync()
    {
        _broker ??= await KafkaBroker.StartAsync();
        return _broker.BootstrapServers;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_one_node_coordinates_groups_transactions_and_share_groups(sbyte type)
    {
        using var client = new WireClient(await BootstrapServersAsync());
        var found = await client.CallAsync<FindCoordinatorRequest, FindCoordinatorResponse>(ApiKey.FindCoordinator, 6, new() { KeyType = type, CoordinatorKeys = ["a"] });
        var coordinator = found.Coordinators.ShouldHaveSingleItem();
        (coordinator.ErrorCode, $"{coordinator.Host}:{coordinator.Port}").ShouldBe((ErrorCode.None, await BootstrapServersAsync()));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }
    }
}

/// <summary>The contract on Apache Kafka: what we promise is what it does.</summary>
public sealed class GroupApiOnKafkaTests : GroupApiContract
{
    protected override Task<string> BootstrapServersAsync()
    {
        var servers = Environment.GetEnvironmentVariable("GARAM_TEST_KAFKA");
        Assert.SkipWhen(string.IsNullOrEmpty(servers), "GARAM_TEST_KAFKA names no Apache Kafka to compare with.");
        return Task.FromResult(servers!.Split(',')[0]);
    }
}
