using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Garam.Up;

/// <summary>What the commands that talk to the platform over HTTP need to know of this process.</summary>
internal static class ServerAddress
{
    private static readonly Uri Usual = new("http://127.0.0.1:8080");

    /// <summary>Its address; null where the commands find the platform by themselves.</summary>
    public static Uri? Address(this IServer server) =>
        server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } text && new Uri(text) is var address && address != Usual ? address : null;
}
