using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Garam.Content.Tests.Import;

/// <summary>Speaks the platform's HTTP and fails at the n-th post.</summary>
internal sealed class StubbornServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _posts;

    private StubbornServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<StubbornServer> StartAsync(int failAt)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var server = new StubbornServer(app);
        app.MapGet("/users", () => new { items = new[] { new { id = 1, name = "가람" } } });
        app.MapGet("/categories", () => new { items = new[] { new { id = 1, name = "IT" } } });
        app.MapPost("/posts", () => Interlocked.Increment(ref server._posts) is var number && number >= failAt
            ? Results.StatusCode((int)HttpStatusCode.InternalServerError)
            : Results.Created("", new { id = number }));
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
