using Garam.Broker;
using Garam.Brokers;
using Garam.CommandLine;
using Garam.Console;
using Garam.Console.Lives;
using Garam.Console.Outboxes;
using Garam.Console.Overview;
using Garam.Content;
using Garam.Logging;
using Garam.Messaging;
using Garam.Messaging.Preparation;
using Garam.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Garam.Up;

/// <summary>
/// The composition of everything. It starts from the ground up (broker, producers, consumers, HTTP) and stops the other way round, so that
/// nothing is asked of a part that has gone.
/// </summary>
internal sealed class Platform : IAsyncDisposable
{
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(30);

    private readonly LogLines _logs;
    private KafkaBroker? _broker;
    private WebApplication? _app;

    private Platform(UpOptions options) => _logs = LogOutput.Create(options.Verbose);

    public string BootstrapServers { get; private set; } = "";

    public string HttpAddress { get; private set; } = "";

    /// <exception cref="CommandFailure">An address is taken, or the directory cannot be used.</exception>
    public static async Task<Platform> StartAsync(UpOptions options, CancellationToken ct)
    {
        var platform = new Platform(options);
        try
        {
            await platform.StartPartsAsync(options, ct);
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when the caller cancels, or when a part of the platform gives up and stops the host.</summary>
    public async Task WaitAsync(CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _app!.Lifetime.ApplicationStopping);
        await Interruption.WaitAsync(either.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        if (_broker is not null)
            await _broker.DisposeAsync();
        _logs.Dispose();
    }

    private async Task StartPartsAsync(UpOptions options, CancellationToken ct)
    {
        options.Http.EnsureFree();
        if (options.BootstrapServers is null)
            _broker = await EmbeddedBroker.StartAsync(options.Kafka, options.Data, options.BrokerConfiguration, _logs, ct);

        BootstrapServers = _broker?.BootstrapServers ?? options.BootstrapServers!;
        _app = Compose(options, _logs, BootstrapServers, _broker);
        HttpAddress = await HttpHost.StartAsync(_app, options.Http, ct);
        await _app.Services.GetRequiredService<ClusterReadiness>().Prepared.WaitAsync(ct);
    }

    private static WebApplication Compose(UpOptions options, LogLines logs, string bootstrapServers, KafkaBroker? embedded)
    {
        var builder = HttpHost.CreateBuilder(options.Http, logs, options.Verbose);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainTimeout);
        builder.Services.AddOpenApi(openApi => openApi.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Garam";
            return Task.CompletedTask;
        }));
        builder.Services.AddSingleton<MetricsListener>();
        builder.Services.AddProblemDetails(problems => problems.CustomizeProblemDetails = StatusDetails.Add);
        builder.Services.AddMessaging(messaging =>
        {
            messaging.BootstrapServers = bootstrapServers;
            messaging.InstanceId = InstanceName.Of(options.Data);

            // A cluster keeps copies on other machines; one broker keeps its promises by fsync.
            if (embedded is not null)
                messaging.NewTopicConfig["flush.messages"] = "1";
        });
        builder.Services.AddProbes();
        builder.Services.AddContent(content => content.DataDirectory = Path.Combine(options.Data, "content"));
        builder.Services.AddConsole(console => console.BootstrapServers = bootstrapServers);
        if (embedded is not null)
            builder.Services.AddSingleton<IBrokerHealth>(new EmbeddedBrokerHealth(embedded));
        builder.Services.AddSingleton<ILives, PostsInConsole>();
        builder.Services.AddSingleton<IOutboxes, OutboxesInConsole>();

        var app = builder.Build();
        app.Services.GetRequiredService<MetricsListener>();          // counts from the first record on, not from the first scrape
        app.UseExceptionHandler();
        app.UseStatusCodePages();                                    // unknown routes and methods are problem details too
        app.MapOpenApi();
        app.MapProbes();
        app.MapMetrics();
        app.MapContent();
        app.MapConsole();
        return app;
    }
}
