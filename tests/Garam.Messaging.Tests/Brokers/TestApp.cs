using Garam.Messaging.Producing;
using Garam.Messaging.Topics;
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

/// <summary>What most tests do with a host.</summary>
public static class TestHostActions
{
    public static Task CreateTopicAsync(this IHost app, string topic, int partitions) =>
        app.Services.GetRequiredService<ITopicAdmin>().EnsureTopicsAsync([new TopicDefinition(topic, partitions)], default);

    public static async Task<RecordPosition[]> ProduceAsync<T>(this IHost app, string topic, int count, Func<int, string?> key, Func<int, T> value)
    {
        var producer = app.Services.GetRequiredService<IRecordProducer>();
        return await Task.WhenAll(Enumerable.Range(0, count).Select(number =>
            producer.ProduceAsync(ProducerRecord.Json(topic, key(number), value(number)), default).AsTask()));
    }
}
