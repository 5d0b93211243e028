using System.Net;
using Garam.Broker;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Garam.Console.Tests;

/// <summary>The console on a port of its own, on a broker of its own or on one that is given. What a browser gets is what the tests read.</summary>
public sealed class ConsoleServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ConsoleServer(WebApplication app, KafkaBroker? broker)
    {
        _app = app;
        Broker = broker;
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()),
        };
    }

    /// <summary>Follows no redirect and keeps no cookie.</summary>
    public HttpClient Http { get; }

    /// <summary>The broker that was started for it; null where an address was given.</summary>
    public KafkaBroker? Broker { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Every route that was mapped.</summary>
    public IEnumerable<RouteEndpoint> Routes => ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    /// <param name="bootstrapServers">Null: a broker in memory, of this console alone.</param>
    /// <param name="configure">Further settings.</param>
    /// <param name="services">What the host of the console has besides: endpoint states, lives.</param>
    public static async Task<ConsoleServer> StartAsync(string? bootstrapServers = null, Action<ConsoleOptions>? configure = null, Action<IServiceCollection>? services = null)
    {
        var broker = bootstrapServers is null ? await KafkaBroker.StartAsync() : null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddConsole(options =>
        {
            options.BootstrapServers = broker?.BootstrapServers ?? bootstrapServers!;
            configure?.Invoke(options);
        });
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapConsole();
        await app.StartAsync();
        return new ConsoleServer(app, broker);
    }

    /// <summary>A page that is there, as HTML.</summary>
    public async Task<string> PageAsync(string path, string language = "en")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.AcceptLanguage.ParseAdd(language);
        using var answer = await Http.SendAsync(request);
        var page = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, $"{path}: {page}");
        return page;
    }

    /// <summary>A form sent as a browser on the same site sends it.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        return await Http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        if (Broker is not null)
            await Broker.DisposeAsync();
    }
}

/// <summary>One console and one broker for a whole class of tests.</summary>
public sealed class SharedConsole : IAsyncLifetime
{
    public ConsoleServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await ConsoleServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
