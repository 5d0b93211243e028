using Garam.Broker;
using Garam.Brokers;
using Garam.CommandLine;
using Garam.Content;
using Garam.Logging;
using Garam.Messaging;
using Garam.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Garam.Up;

/// <summary>
/// The composition of everything. It starts from the ground up (broker, producers, consumers, HTTP) and stops the other way round, so that
/// nothing is asked of a part that has gone.
/// </summary>
internal sealed class Platform : IAsyncDisposable
{
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(20);

    private readonly KafkaBroker? _broker;
    private readonly WebApplication _app;

    private Platform(KafkaBroker? broker, WebApplication app, string bootstrapServers)
    {
        _broker = broker;
        _app = app;
        BootstrapServers = bootstrapServers;
        HttpAddress = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }

    public string BootstrapServers { get; }

    public string HttpAddress { get; }

    /// <exception cref="CommandFailure">An address is taken, or the directory cannot be used.</exception>
    public static async Task<Platform> StartAsync(UpOptions options, CancellationToken ct)
    {
        using var logs = LogOutput.CreateFactory();
        var broker = options.BootstrapServers is null
            ? await EmbeddedBroker.StartAsync(options.Kafka, options.Data, options.BrokerConfiguration, logs, ct)
            : null;
        WebApplication? app = null;
        try
        {
            var bootstrapServers = broker?.BootstrapServers ?? options.BootstrapServers!;
            app = Compose(options, bootstrapServers, embedded: broker is not null);
            await StartAsync(app, options, ct);
            return new Platform(broker, app, bootstrapServers);
        }
        catch
        {
            if (app is not null)
                await app.DisposeAsync();
            if (broker is not null)
                await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Cancelled by <paramref name="ct"/>, and when a part of the platform gives up and stops the host.</summary>
    public CancellationToken StoppingWith(CancellationToken ct) =>
        CancellationTokenSource.CreateLinkedTokenSource(ct, _app.Lifetime.ApplicationStopping).Token;

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_broker is not null)
            await _broker.DisposeAsync();
    }

    private static WebApplication Compose(UpOptions options, string bootstrapServers, bool embedded)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        LogOutput.Configure(builder.Logging);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainTimeout);
        builder.Services.AddSingleton<IHostLifetime, UntilDisposed>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Http.Address, options.Http.Port);
        });
        builder.Services.AddOpenApi();
        builder.Services.AddSingleton<MetricsListener>();
        builder.Services.AddMessaging(messaging =>
        {
            messaging.BootstrapServers = bootstrapServers;

            // A cluster keeps copies on other machines; one broker keeps its promises by fsync.
            if (embedded)
                messaging.NewTopicConfig["flush.messages"] = "1";
        });
        builder.Services.AddContent(content => content.DataDirectory = Path.Combine(options.Data, "content"));

        var app = builder.Build();
        app.Services.GetRequiredService<MetricsListener>();          // counts from the first record on, not from the first scrape
        app.MapOpenApi();
        app.MapProbes();
        app.MapMetrics();
        app.MapContent();
        return app;
    }

    private static async Task StartAsync(WebApplication app, UpOptions options, CancellationToken ct)
    {
        try
        {
            await app.StartAsync(ct);
        }
        catch (IOException exception) when (exception.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new CommandFailure(ExitCode.Failure, $"{options.Http} is taken by another program: choose another address with --http HOST:PORT (port 0: any free one).");
        }
    }

    /// <summary>The command decides when to stop, not the host: signals are its business.</summary>
    private sealed class UntilDisposed : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
