using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Garam.Messaging.Tests.Brokers;

/// <summary>A host with messaging on the tests' broker.</summary>
public static class TestApp
{
    public static TestHost Create(Action<MessagingOptions>? configure = null, Action<IServiceCollection>? services = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        if (Environment.GetEnvironmentVariable("GARAM_TEST_LOG") is not null)
        {
            builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Debug);
        }

        services?.Invoke(builder.Services);
        builder.Services.AddMessaging(options =>
        {
            options.BootstrapServers = TestKafka.BootstrapServers;
            configure?.Invoke(options);
        });
        return new TestHost(builder.Build());
    }
}

/// <summary>A host that is stopped and disposed with the test.</summary>
public sealed class TestHost(IHost host) : IHost, IAsyncDisposable
{
    public IServiceProvider Services => host.Services;

    public Task StartAsync(CancellationToken cancellationToken = default) => host.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken = default) => host.StopAsync(cancellationToken);

    public void Dispose() => host.Dispose();

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
    }
}
