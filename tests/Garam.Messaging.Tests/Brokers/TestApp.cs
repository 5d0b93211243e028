using System.Collections.Concurrent;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Health;
using Garam.Messaging.Producing;
using Garam.Messaging.Topics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Garam.Messaging.Tests.Brokers;

/// <summary>A host with messaging, stopped and disposed with the test.</summary>
public sealed class TestApp : IHost, IAsyncDisposable
{
    private readonly IHost _host;

    private TestApp(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public IRecordProducer Producer => Services.GetRequiredService<IRecordProducer>();

    public IReadOnlyList<MessagingProblem> Problems => Services.GetRequiredService<MessagingHealth>().Problems();

    /// <param name="bootstrapServers">The broker to use.</param>
    /// <param name="configure">Options beyond the defaults.</param>
    /// <param name="services">Further services.</param>
    public static TestApp Create(string bootstrapServers, Action<MessagingOptions>? configure = null, Action<IServiceCollection>? services = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        if (Environment.GetEnvironmentVariable("GARAM_TEST_LOG") is not null)
        {
            builder.Logging.AddSimpleConsole(console => { console.SingleLine = true; console.TimestampFormat = "HH:mm:ss.fff "; }).SetMinimumLevel(LogLevel.Debug);
        }

        builder.Services.AddMessaging(options =>
        {
            options.BootstrapServers = bootstrapServers;
            options.SessionTimeout = TimeSpan.FromSeconds(6);
            options.CommitInterval = TimeSpan.FromMilliseconds(200);
            configure?.Invoke(options);
        });
        services?.Invoke(builder.Services);
        return new TestApp(builder.Build());
    }

    public TopicEndpoint Map(string group, string topic, Delegate handler) => this.MapTopicGroup(group).MapTopic(topic, handler);

    public Task CreateTopicAsync(string topic, int partitions) =>
        Services.GetRequiredService<ITopicAdmin>().EnsureTopicsAsync([new TopicDefinition(topic, partitions)], default);

    public Task<RecordPosition[]> ProduceAsync(string topic, int count, Func<int, string?> key) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(number => Producer.ProduceAsync(ProducerRecord.Json(topic, key(number), number), default).AsTask()));

    public Task StartAsync(CancellationToken cancellationToken = default) => _host.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken = default) => _host.StopAsync(cancellationToken);

    public void Dispose() => _host.Dispose();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
