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
