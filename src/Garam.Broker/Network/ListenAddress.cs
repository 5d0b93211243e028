using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Garam.Broker.Apis;

namespace Garam.Broker.Network;

/// <summary>Reads the <c>HOST:PORT</c> of options.</summary>
internal static class ListenAddress
{
    /// <summary>Splits <c>HOST:PORT</c>; an IPv6 host stands in brackets.</summary>
    public static bool TryParse(string text, out BrokerEndpoint endpoint)
    {
        endpoint = default;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return false;
        var host = text[..colon];
        if (host.StartsWith('[') && host.EndsWith(']')) host = host[1..^1];
        else if (host.Contains(':')) return false;
        endpoint = new BrokerEndpoint(host, port);
        return host.Length > 0;
    }

    /// <summary>The address to bind to.</summary>
    /// <exception cref="SocketException">The host name is unknown.</exception>
    public static async ValueTask<IPEndPoint> ResolveAsync(BrokerEndpoint endpoint, CancellationToken cancellationToken)
    {
        // By name, localhost may be ::1, ::1 may be switched off, and clients try 127.0.0.1 anyway.
        if (endpoint.Host == "localhost") return new IPEndPoint(IPAddress.Loopback, endpoint.Port);
        if (IPAddress.TryParse(endpoint.Host, out var address)) return new IPEndPoint(address, endpoint.Port);
        var addresses = await Dns.GetHostAddressesAsync(endpoint.Host, cancellationToken).ConfigureAwait(false);
        return new IPEndPoint(addresses[0], endpoint.Port);
    }

    /// <summary>What a client of this machine connects to: a wildcard listener is reached on the loopback address.</summary>
    public static BrokerEndpoint Reachable(IPEndPoint bound) => new(
        bound.Address.Equals(IPAddress.Any) || bound.Address.Equals(IPAddress.IPv6Any) ? "127.0.0.1" : bound.Address.ToString(), bound.Port);
}
