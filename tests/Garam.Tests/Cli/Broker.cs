using Garam.Broker;

namespace Garam.Tests.Cli;

/// <summary>A broker for the tests of a class, on a free port and a temporary directory.</summary>
public sealed class Broker : IAsyncLifetime
{
    private KafkaBroker? _broker;

    public string Address => _broker!.BootstrapServers;

    public async ValueTask InitializeAsync() => _broker = await KafkaBroker.StartAsync(cancellationToken: TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _broker!.DisposeAsync();
}
