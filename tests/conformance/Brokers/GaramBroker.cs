using Garam.Broker;

namespace Garam.Conformance.Brokers;

/// <summary>Our broker, inside the test process.</summary>
public sealed class GaramBroker : TestedBroker
{
    private KafkaBroker? _broker;

    public override async ValueTask DisposeAsync()
    {
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }
    }

    protected override async Task<string> StartAsync()
    {
        _broker = await KafkaBroker.StartAsync();
        return _broker.BootstrapServers;
    }
}
