using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Garam.CommandLine;

namespace Garam.Up;

/// <summary>An address to serve HTTP on. <c>localhost</c> is 127.0.0.1; <c>0.0.0.0</c> and <c>[::]</c> are every interface.</summary>
internal sealed record HttpAddress(IPAddress Address, int Port)
{
    /// <summary>The flag of every command that serves HTTP.</summary>
    public static Option<HttpAddress> Option(string usual) => new("--http")
    {
        Description = "where HTTP is served; port 0: any free one",
        HelpName = "HOST:PORT",
        DefaultValueFactory = _ => Parse(usual),
        CustomParser = result => Parsing.Checked(result, Parse)!,
    };

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

        throw new FormatException($"{text}: write an address and a port, for example 127.0.0.1:8080 (port 0: any free one).");
    }

    /// <summary>Sees that nobody else has the address, before anything is started that would have to be stopped again.</summary>
    /// <exception cref="CommandFailure">It is taken, or is none of this machine's.</exception>
    public void EnsureFree()
    {
        try
        {
            using var probe = new Socket(Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(Address, Port));
            probe.Listen();
        }
        catch (SocketException exception)
        {
            throw Refused(exception.SocketErrorCode);
        }
    }

    public CommandFailure Refused(SocketError error) => new(ExitCode.Failure, error is SocketError.AddressAlreadyInUse
        ? $"{this} is taken by another program: choose another address with --http HOST:PORT (port 0: any free one)."
        : $"cannot serve HTTP on {this} ({error}): choose another address with --http HOST:PORT.");

    public override string ToString() => new IPEndPoint(Address, Port).ToString();
}
