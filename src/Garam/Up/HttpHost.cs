using System.Net.Sockets;
using Garam.Logging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Garam.Up;

/// <summary>A web host that a command starts and stops: it listens where it was told, logs as the command does, and leaves signals to it.</summary>
internal static class HttpHost
{
    public static WebApplicationBuilder CreateBuilder(HttpAddress http, LogLines logs, bool verbose)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        LogOutput.Configure(builder.Logging, logs, verbose);
        builder.Services.AddSingleton<IHostLifetime, UntilDisposed>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(http.Address, http.Port);
        });
        return builder;
    }

    /// <returns>The address, with the port that was found where any would do.</returns>
    /// <exception cref="CommandLine.CommandFailure">Another program was quicker to take the address.</exception>
    public static async Task<string> StartAsync(WebApplication app, HttpAddress http, CancellationToken ct)
    {
        try
        {
            await app.StartAsync(ct);
        }
        catch (IOException exception) when (exception.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw http.Refused(SocketError.AddressAlreadyInUse);
        }

        return app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }

    /// <summary>The command decides when to stop, not the host: signals are its business.</summary>
    private sealed class UntilDisposed : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
