using System.Net.Sockets;
using Garam.Broker;
using Garam.CommandLine;
using Microsoft.Extensions.Logging;

namespace Garam.Brokers;

/// <summary>Starts the broker for a command, and turns what keeps it from starting into a line that says which flag helps.</summary>
internal static class EmbeddedBroker
{
    /// <exception cref="CommandFailure">The address is taken, or the directory cannot be used.</exception>
    public static async Task<KafkaBroker> StartAsync(string listen, string data, IReadOnlyDictionary<string, string> configuration, ILoggerFactory logs, CancellationToken ct)
    {
        try
        {
            return await KafkaBroker.StartAsync(
                new KafkaBrokerOptions { Listen = listen, DataDirectory = Path.Combine(data, "broker"), Configuration = configuration, LoggerFactory = logs }, ct);
        }
        catch (Exception exception) when (SocketErrorOf(exception) is { } error)
        {
            throw new CommandFailure(ExitCode.Failure, error is SocketError.AddressAlreadyInUse
                ? $"{listen} is taken by another program: choose another address with --kafka HOST:PORT (port 0: any free one)."
                : $"cannot listen on {listen} ({error}): choose another address with --kafka HOST:PORT.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Failure, $"{exception.Message} The flag is --data DIR.");
        }
    }

    private static SocketError? SocketErrorOf(Exception? exception) => exception switch
    {
        null => null,
        SocketException socket => socket.SocketErrorCode,
        _ => SocketErrorOf(exception.InnerException),
    };
}
