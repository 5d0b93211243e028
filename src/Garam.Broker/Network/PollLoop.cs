using System.Collections.Concurrent;
using Garam.Background;

namespace Garam.Broker.Network;

/// <summary>
/// One thread that waits for its sockets and serves them: what becomes possible is done here and now, one receive for each socket in turn,
/// so that a client that sends without pause does not keep the others waiting for longer than one of its buffers.
/// </summary>
internal sealed class PollLoop
{
    private const int EventsAtOnce = 128;
    private const long StopToken = 0;

    private readonly int _epoll;
    private readonly int _stop;
    // By token and not by descriptor: the number of a socket that was closed is soon that of another one.
    private readonly ConcurrentDictionary<long, PolledSocket> _sockets = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly BackgroundWork _background;
    private long _lastToken = StopToken;

    /// <exception cref="IOException">No descriptor is free for another loop.</exception>
    /// <exception cref="OutOfMemoryException">The system allows no more threads.</exception>
    public PollLoop(int number, BackgroundWork background)
    {
        _background = background;
        _epoll = Epoll.Create();
        try
        {
            _stop = Epoll.CreateSignal();
            Epoll.Control(_epoll, Epoll.Operation.Add, _stop, Epoll.Readable, StopToken);
            background.RunThread($"garam-network-{number}", Run, OnFailure.Restart());
        }
        catch
        {
            if (_stop > 0) Epoll.Close(_stop);
            Epoll.Close(_epoll);
            throw;
        }
    }

    /// <summary>How many sockets it serves.</summary>
    public int Load => _sockets.Count;

    /// <summary>Gives <paramref name="socket"/> the token by which its events are told.</summary>
    public long Add(PolledSocket socket)
    {
        var token = Interlocked.Increment(ref _lastToken);
        _sockets[token] = socket;
        return token;
    }

    public void Remove(long token) => _sockets.TryRemove(token, out _);

    public void Control(Epoll.Operation operation, int descriptor, uint events, long token) => Epoll.Control(_epoll, operation, descriptor, events, token);

    /// <summary>To be called when every socket has been closed.</summary>
    public Task StopAsync()
    {
        Epoll.Signal(_stop);
        return _ended.Task;
    }

    private void Run()
    {
        var events = new byte[EventsAtOnce * Epoll.EventSize];
        while (Serve(events, Epoll.Wait(_epoll, events))) { }
        Epoll.Close(_stop);
        Epoll.Close(_epoll);
        _ended.SetResult();
    }

    private bool Serve(byte[] events, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var (what, token) = Epoll.Event(events, i);
            if (token == StopToken) return false;
            if (_sockets.TryGetValue(token, out var socket)) Serve(socket, what);
        }
        return true;
    }

    /// <summary>What fails costs this socket: the loop serves many.</summary>
    private void Serve(PolledSocket socket, uint events)
    {
        try
        {
            socket.OnEvents(events);
        }
        catch (Exception failure)
        {
            _background.Failed("serving a socket", failure, isStopped: true);
            socket.Close();
        }
    }
}
