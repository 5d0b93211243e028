using System.Globalization;
using System.Net;

namespace Garam.Up;

/// <summary>An address to serve HTTP on. <c>localhost</c> is 127.0.0.1; <c>0.0.0.0</c> and <c>[::]</c> are every interface.</summary>
internal sealed record HttpAddress(IPAddress Address, int Port)
{
    /// <exception cref="FormatException">The text is no HOST:PORT.</exception>
    public static HttpAddress Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? "" : text[..colon].Trim('[', ']');
        if (colon >= 0 && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            if (host == "localhost")
                return new HttpAddress(IPAddress.Loopback, port);
            if (IPAddress.TryParse(host, out var address))
                return new HttpAddress(address, port);
        }

        throw new FormatException($"--http {text}: write an address and a port, for example 127.0.0.1:8080 (port 0: any free one).");
    }

    public override string ToString() => new IPEndPoint(Address, Port).ToString();
}
