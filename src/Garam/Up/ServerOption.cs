using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Garam.Up;

/// <summary>How the commands that talk to the platform over HTTP find this process.</summary>
internal static class ServerOption
{
    /// <summary><c> --server URL</c>; empty where the commands find the platform by themselves.</summary>
    public static string Option(this IServer server) =>
        server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } address && address != "http://127.0.0.1:8080" ? $" --server {address}" : "";
}
