using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Garam.Faults.Brokers;

/// <summary>
/// Stands between the clients and the broker. Its address stays the same over the broker's deaths, and it can cut every connection at once, with a reset: what
/// was under way in either direction is lost.
/// </summary>
internal sealed class ResettingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly Task _accepting;
    private volatile IPEndPoint? _target;

    public ResettingProxy()
    {
        _listener.Start();
        Address = _listener.LocalEndpoint.ToString()!;
        _accepting = AcceptAsync();
    }

    /// <summary>What clients connect to.</summary>
    public string Address { get; }

    /// <summary>Where the broker is now; null: nowhere, and connections are refused.</summary>
    public IPEndPoint? Target
    {
        get => _target;
        set => _target = value;
    }

    /// <summary>Cuts all connections.</summary>
    public int Reset()
    {
        var cut = 0;
        foreach (var socket in _open.Keys)
        {
            Abort(socket);
            cut++;
        }

        return cut;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        Reset();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException)
            {
                // the proxy stops, or a client was gone before it was accepted
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var broker = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        _open[client] = _open[broker] = true;
        try
        {
            if (Target is { } target)
            {
                await broker.ConnectAsync(target, _stop.Token);
                await Task.WhenAny(CopyAsync(client, broker), CopyAsync(broker, client));
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // the broker is not there now: the client sees a reset
        }
        finally
        {
            Abort(client);
            Abort(broker);
            _open.TryRemove(client, out _);
            _open.TryRemove(broker, out _);
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var length)
            {
                for (var sent = 0; sent < length;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, length - sent), SocketFlags.None, _stop.Token);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // one side is gone: the other one follows
        }
    }

    private static void Abort(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // it was gone already
        }
    }
}
