using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Garam.Background;
using Garam.Broker.Apis;
using Garam.Broker.Resources;
using Garam.Broker.Timers;
using Microsoft.Extensions.Logging;

namespace Garam.Broker.Network;

/// <summary>Accepts the clients of one node.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private const int Backlog = 512;
    private const string NoDescriptors = "open files";
    private static readonly TimeSpan AcceptRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ReliefInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TrimInterval = TimeSpan.FromSeconds(10);

    private readonly PollLoops? _loops;
    private readonly NetworkSocket _socket;
    private readonly BrokerNode _node;
    private readonly NetworkOptions _options;
    private readonly TimerQueue _timers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly BrokerProblems _problems;
    private readonly ResponseMemory _memory;
    private readonly ConcurrentDictionary<Connection, Task> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private RequestDispatcher? _dispatcher;
    private bool _reliefIsScheduled;
    private Task _accepting = Task.CompletedTask;

    private Listener(
        Socket socket, BrokerNode node, NetworkOptions options, TimerQueue timers, TimeProvider time, ILogger logger, BrokerProblems problems)
    {
        _problems = problems;
        _memory = new ResponseMemory(options.MaxUnsentBytes) { Exhausted = ScheduleRelief };
        _loops = options.UsesPollLoops ? new PollLoops(problems.Background) : null;
        _socket = Wrap(socket);
        _node = node;
        _options = options;
        _timers = timers;
        _time = time;
        _logger = logger;
        Endpoint = (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <summary>The address that is really bound: port 0 has become a free one.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>What the unsent answers of all connections are counted in.</summary>
    internal ResponseMemory Memory => _memory;

    /// <summary>Takes the port. Clients that connect wait in the backlog until <see cref="Start"/>.</summary>
    /// <exception cref="IOException">The port is taken, or may not be used.</exception>
    public static Listener Bind(
        IPEndPoint endpoint, BrokerNode node, NetworkOptions options, TimerQueue timers, TimeProvider time, ILogger logger, BrokerProblems problems)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(endpoint);
            socket.Listen(Backlog);
            return new Listener(socket, node, options, timers, time, logger, problems);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new IOException(Explain(endpoint, exception), exception);
        }
    }

    /// <summary>Starts to accept.</summary>
    public void Start(RequestDispatcher dispatcher)
    {
        _dispatcher = dispatcher;
        _accepting = _problems.Background.Run("accepting connections", AcceptAsync, OnFailure.Restart(longest: TimeSpan.FromSeconds(1)), _stopping.Token);
        ScheduleSweep();
        ScheduleTrim();
        _logger.Listening(Endpoint, _node.Id);
    }

    /// <summary>Stops accepting, closes every connection and waits until none is being served.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _socket.Close();
        await _accepting.ConfigureAwait(false);
        foreach (var connection in _connections.Keys) connection.Close();
        await Task.WhenAll(_connections.Values).ConfigureAwait(false);
        if (_loops is not null) await _loops.DisposeAsync().ConfigureAwait(false);
    }

    private async Task AcceptAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                Serve(await _socket.AcceptAsync().ConfigureAwait(false));
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (IsShortage(failure) && Relieve())
            {
                // A descriptor is free now: the client that waits is accepted, or accepted and refused.
            }
            catch (Exception failure)
            {
                // Whatever it is, clients must be able to connect again when it is over. Trying again at once would only spin.
                if (!IsShortage(failure)) _logger.AcceptFailed(failure);
                await Task.Delay(AcceptRetry, _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static bool IsShortage(Exception failure) => failure is SocketException { SocketErrorCode: SocketError.TooManyOpenSockets };

    private bool Relieve()
    {
        ReportShortage();
        return _options.Descriptors.TryRelieve();
    }

    private void Serve(Socket socket)
    {
        if (_connections.Count >= _options.MaxConnections)
        {
            _logger.RefusedForLimit(socket.RemoteEndPoint, _options.MaxConnections);
            socket.Dispose();
            return;
        }
        if (!_options.Descriptors.TryAddConnection())
        {
            socket.Dispose();
            ReportShortage();
            return;
        }
        if (TryServe(socket)) return;
        socket.Dispose();
        _options.Descriptors.RemoveConnection();
    }

    /// <summary>False when the client has gone before it was looked at.</summary>
    private bool TryServe(Socket socket)
    {
        try
        {
            if (socket is not { LocalEndPoint: IPEndPoint local, RemoteEndPoint: IPEndPoint remote }) return false;
            Serve(socket, local, remote);
            return true;
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            _logger.ClientLostWhileAccepting(failure.Message);
            return false;
        }
    }

    private void Serve(Socket socket, IPEndPoint local, IPEndPoint remote)
    {
        var connection = new Connection(Wrap(socket), local, remote, _node, _dispatcher!, _options, _time, _logger, _memory, _problems.Background);
        if (_problems.Resolve(NoDescriptors)) _logger.AcceptsAgain();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[connection] = done.Task;
        _problems.Background.Observe("serving a connection", ServeAsync(connection, done));
    }

    /// <summary>Says once, until a client is accepted again, that clients are refused and why.</summary>
    private void ReportShortage()
    {
        var limit = _options.Descriptors.Limit;
        var isNew = _problems.Report(NoDescriptors,
            $"Connections are refused: of the {limit} files and sockets that this process may open (ulimit -n), {_connections.Count} are connections already. Raise the limit or close connections.");
        if (isNew) _logger.RefusedForDescriptors(_connections.Count, limit);
    }

    /// <exception cref="IOException">No descriptor is free for another loop.</exception>
    /// <exception cref="SocketException">The client has reset the connection.</exception>
    private NetworkSocket Wrap(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            return _loops is null ? new PlatformSocket(socket) : new PolledSocket(socket, _loops.Next());
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task ServeAsync(Connection connection, TaskCompletionSource done)
    {
        try
        {
            await connection.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            _options.Descriptors.RemoveConnection();
            _connections.TryRemove(connection, out _);
            done.SetResult();
        }
    }

    /// <summary>One timer for all connections; a tenth of the limit is exact enough.</summary>
    private void ScheduleSweep() => _timers.Schedule(_options.MaxIdle / 10, static listener => ((Listener)listener!).Sweep(), this);

    private void Sweep()
    {
        if (_stopping.IsCancellationRequested) return;
        ScheduleSweep(); // first: a sweep that fails must not be the last one
        foreach (var connection in _connections.Keys) connection.CloseIfIdle();
    }

    /// <summary>While answers wait for memory, connections that do not read are looked for.</summary>
    private void ScheduleRelief()
    {
        if (Interlocked.Exchange(ref _reliefIsScheduled, true)) return;
        _timers.Schedule(ReliefInterval, static listener => ((Listener)listener!).CloseStalled(), this);
    }

    private void CloseStalled()
    {
        Volatile.Write(ref _reliefIsScheduled, false);
        if (_stopping.IsCancellationRequested || !_memory.IsAwaited) return;
        ScheduleRelief();
        foreach (var connection in _connections.Keys) connection.CloseIfStalled();
    }

    private void ScheduleTrim() => _timers.Schedule(TrimInterval, static listener => ((Listener)listener!).Trim(), this);

    private void Trim()
    {
        if (_stopping.IsCancellationRequested) return;
        ScheduleTrim();
        BufferPool.TrimWhenIdle();
    }

    private static string Explain(IPEndPoint endpoint, SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse =>
            $"Port {endpoint.Port} on {endpoint.Address} is already in use. Stop the program that listens there, or set {nameof(KafkaBrokerOptions)}.{nameof(KafkaBrokerOptions.Listen)} to another port (0 takes any free one).",
        SocketError.AccessDenied =>
            $"Port {endpoint.Port} on {endpoint.Address} may not be used by this user. Set {nameof(KafkaBrokerOptions)}.{nameof(KafkaBrokerOptions.Listen)} to a port from 1024 on.",
        _ => $"Cannot listen on {endpoint} ({nameof(KafkaBrokerOptions)}.{nameof(KafkaBrokerOptions.Listen)}): {exception.Message}.",
    };
}
