using System.Net.Sockets;

namespace Garam.Broker.Network;

/// <summary>A socket as .NET serves it, on every system: its completions run on the thread pool.</summary>
internal sealed class PlatformSocket(Socket socket) : NetworkSocket(socket)
{
    // Nothing is received by this: it ends when something could be.
    public override async ValueTask ReadableAsync() => await Socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None).ConfigureAwait(false);

    public override async ValueTask<Socket> AcceptAsync() => await Socket.AcceptAsync().ConfigureAwait(false);

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await Socket.SendAsync(bytes, SocketFlags.None).ConfigureAwait(false);
        Advanced();
    }

    public override async ValueTask SendAsync(List<ArraySegment<byte>> pieces)
    {
        await Socket.SendAsync(pieces, SocketFlags.None).ConfigureAwait(false);
        Advanced();
    }
}
