using System.Net.Sockets;

namespace Garam.Broker.Network;

/// <summary>
/// A socket whose events are waited for by a <see cref="PollLoop"/>. Who waits for it goes on inside of the loop, on its thread.
/// <code>
///   ReadableAsync ──► armed ──► event ──► the waiter goes on: receive, work, answer ──► ReadableAsync: still armed, no system call
///                       ▲                     event, and nobody waits: disarmed
///                       └────────────────────────────── ReadableAsync
/// </code>
/// </summary>
internal sealed class PolledSocket : NetworkSocket
{
    private readonly PollLoop _loop;
    private readonly int _descriptor;
    private readonly long _token;
    private readonly Readiness _readable = new();
    private readonly Readiness _writable = new();
    // Guards what follows, and that nothing is said to the kernel about a descriptor that is no longer ours.
    private readonly Lock _lock = new();
    private uint _armed;
    private bool _isRegistered;
    private bool _isHungUp;
    private bool _isClosed;

    public PolledSocket(Socket socket, PollLoop loop) : base(socket)
    {
        socket.Blocking = false;
        _loop = loop;
        _descriptor = (int)socket.Handle;
        _token = loop.Add(this);
    }

    public override ValueTask ReadableAsync() => WaitAsync(_readable, Epoll.Readable);

    public override async ValueTask<Socket> AcceptAsync()
    {
        while (true)
        {
            await ReadableAsync().ConfigureAwait(false);
            try
            {
                return Socket.Accept();
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.WouldBlock)
            {
                // Gone again before it was taken.
            }
        }
    }

    public override int Receive(Span<byte> buffer)
    {
        var count = base.Receive(buffer);
        // Nothing more can come, and no event would ever say so.
        return count < 0 && _isHungUp ? 0 : count;
    }

    public override ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        var sent = Sent(Socket.Send(bytes.Span, SocketFlags.None, out var error), error);
        Advanced();
        return sent == bytes.Length ? ValueTask.CompletedTask : SendRestAsync(bytes[sent..]);
    }

    public override ValueTask SendAsync(List<ArraySegment<byte>> pieces)
    {
        DropSent(pieces, Sent(Socket.Send(pieces, SocketFlags.None, out var error), error));
        Advanced();
        return pieces.Count == 0 ? ValueTask.CompletedTask : SendRestAsync(pieces);
    }

    public override void Close()
    {
        bool reads, writes;
        lock (_lock)
        {
            if (_isClosed) return;
            _isClosed = true;
            _loop.Remove(_token);
            (reads, writes) = (_readable.TryTake(), _writable.TryTake());
        }
        Socket.Dispose();
        if (reads) _readable.Complete();
        if (writes) _writable.Complete();
    }

    /// <summary>What the loop has seen. What nobody waits for any more is not waited for by the kernel either, or it would say so for ever.</summary>
    public void OnEvents(uint events)
    {
        bool reads, writes;
        lock (_lock)
        {
            if (_isClosed) return;
            var isHungUp = (events & (Epoll.HungUp | Epoll.Error)) != 0;
            reads = (isHungUp || (events & Epoll.Readable) != 0) && _readable.TryTake();
            writes = (isHungUp || (events & Epoll.Writable) != 0) && _writable.TryTake();
            if (isHungUp) HangUp();
            else Arm(reads ? _armed & ~(events & Epoll.Writable) : _armed & ~events);
        }
        if (reads) _readable.Complete();
        if (writes) _writable.Complete();
    }

    private ValueTask WaitAsync(Readiness readiness, uint events)
    {
        lock (_lock)
        {
            // The next look at the socket will tell.
            if (_isClosed || _isHungUp) return ValueTask.CompletedTask;
            var task = readiness.Wait();
            Arm(_armed | events);
            return task;
        }
    }

    private void Arm(uint events)
    {
        if (events == _armed) return;
        _loop.Control(_isRegistered ? Epoll.Operation.Modify : Epoll.Operation.Add, _descriptor, events, _token);
        _isRegistered = true;
        _armed = events;
    }

    /// <summary>That a client has gone is told whether it is waited for or not, until the kernel is asked to forget the socket.</summary>
    private void HangUp()
    {
        _isHungUp = true;
        if (_isRegistered) _loop.Control(Epoll.Operation.Remove, _descriptor, 0, _token);
    }

    private async ValueTask SendRestAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            await WaitAsync(_writable, Epoll.Writable).ConfigureAwait(false);
            bytes = bytes[Sent(Socket.Send(bytes.Span, SocketFlags.None, out var error), error)..];
            Advanced();
        }
    }

    private async ValueTask SendRestAsync(List<ArraySegment<byte>> pieces)
    {
        while (pieces.Count > 0)
        {
            await WaitAsync(_writable, Epoll.Writable).ConfigureAwait(false);
            DropSent(pieces, Sent(Socket.Send(pieces, SocketFlags.None, out var error), error));
            Advanced();
        }
    }

    private static int Sent(int count, SocketError error) => error switch
    {
        SocketError.Success => count,
        SocketError.WouldBlock => 0,
        _ => throw new SocketException((int)error),
    };

    private static void DropSent(List<ArraySegment<byte>> pieces, int sent)
    {
        var whole = 0;
        while (whole < pieces.Count && sent >= pieces[whole].Count) sent -= pieces[whole++].Count;
        pieces.RemoveRange(0, whole);
        if (sent > 0) pieces[0] = pieces[0][sent..];
    }
}
