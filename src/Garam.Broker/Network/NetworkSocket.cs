using System.Net.Sockets;

namespace Garam.Broker.Network;

/// <summary>
/// The seam between bytes and protocol: one socket, waited for in one of two manners. It is read when it is readable, so that a client
/// that says nothing holds no buffer.
/// <list type="bullet">
/// <item><see cref="PolledSocket"/>, on Linux: the thread that polls also does the work.</item>
/// <item><see cref="PlatformSocket"/>, elsewhere: .NET's thread pool does.</item>
/// </list>
/// </summary>
internal abstract class NetworkSocket(Socket socket)
{
    private long _progress;

    protected Socket Socket { get; } = socket;

    /// <summary>Grows whenever the client has taken a part of what is being sent.</summary>
    public long Progress => Volatile.Read(ref _progress);

    /// <summary>Completes when there is something to receive, the client has gone, or the socket was closed by us. One waits at a time.</summary>
    public abstract ValueTask ReadableAsync();

    /// <summary>Takes a client of a listening socket.</summary>
    /// <exception cref="SocketException">Out of file descriptors, for example.</exception>
    /// <exception cref="ObjectDisposedException">The socket was closed.</exception>
    public abstract ValueTask<Socket> AcceptAsync();

    /// <summary>Receives what is there: 0 when the client has said its last, -1 when there is nothing yet after all. To be called when the socket is readable.</summary>
    /// <exception cref="SocketException">The client is gone.</exception>
    /// <exception cref="ObjectDisposedException">The socket was closed.</exception>
    public virtual int Receive(Span<byte> buffer)
    {
        var count = Socket.Receive(buffer, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success => count,
            SocketError.WouldBlock => -1,
            _ => throw new SocketException((int)error),
        };
    }

    /// <summary>Sends all of it; it must stay untouched until then. One sends at a time.</summary>
    /// <exception cref="SocketException">The client is gone.</exception>
    /// <exception cref="ObjectDisposedException">The socket was closed.</exception>
    public abstract ValueTask SendAsync(ReadOnlyMemory<byte> bytes);

    /// <inheritdoc cref="SendAsync(ReadOnlyMemory{byte})"/>
    public abstract ValueTask SendAsync(List<ArraySegment<byte>> pieces);

    /// <summary>The client has taken something.</summary>
    protected void Advanced() => Volatile.Write(ref _progress, _progress + 1);

    /// <summary>Ends it now. Who waits for it finds it closed.</summary>
    public virtual void Close() => Socket.Dispose();
}
