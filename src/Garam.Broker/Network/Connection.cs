using System.Net;
using System.Net.Sockets;
using Garam.Background;
using Garam.Broker.Apis;
using Garam.Broker.Resources;
using Garam.Kafka;
using Microsoft.Extensions.Logging;

namespace Garam.Broker.Network;

/// <summary>
/// One client. Requests are parsed, executed and answered on the thread that received them; only an answer that must wait (a long
/// poll, a rebalance, an fsync) is completed by another.
/// </summary>
internal sealed class Connection
{
    private readonly NetworkSocket _socket;
    private readonly RequestDispatcher _dispatcher;
    private readonly NetworkOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly BackgroundWork _background;
    private readonly CancellationTokenSource _closed = new();
    private readonly FrameBuffer _input;
    private readonly ResponseQueue _responses;
    private readonly ClientConnection _client;
    private readonly AfterAnswers _afterAnswers = new();
    private long _lastActivity;
    // Of the timer that looks for stalled connections.
    private long _seenProgress, _seenProgressAt;

    /// <param name="socket">Its bytes.</param>
    /// <param name="local">The address of ours that the client reached.</param>
    /// <param name="remote">The client's address.</param>
    /// <param name="node">Whose listener it reached.</param>
    /// <param name="dispatcher">What answers.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="time">The clock that finds it idle.</param>
    /// <param name="logger">Where its end is told.</param>
    /// <param name="memory">What its unsent answers are counted in.</param>
    /// <param name="background">Watches over the answers that are completed later.</param>
    public Connection(
        NetworkSocket socket, IPEndPoint local, IPEndPoint remote, BrokerNode node, RequestDispatcher dispatcher, NetworkOptions options, TimeProvider time, ILogger logger,
        ResponseMemory memory, BackgroundWork background)
    {
        _socket = socket;
        _dispatcher = dispatcher;
        _options = options;
        _time = time;
        _logger = logger;
        _background = background;
        _input = new FrameBuffer(options.MaxRequestBytes);
        _responses = new ResponseQueue(socket, options, memory, _closed.Token);
        _client = new ClientConnection(node, Plain(local), Plain(remote), _closed.Token);
        _lastActivity = time.GetTimestamp();
    }

    /// <summary>Serves the client until it leaves, breaks the protocol, or the connection is closed.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (true)
            {
                _input.Rest();
                await _socket.ReadableAsync().ConfigureAwait(false);
                if (!Receive()) return;
                while (_input.TryTake(out var frame)) await HandleAsync(frame).ConfigureAwait(false);
                await _responses.FlushAsync().ConfigureAwait(false);
                _afterAnswers.Run();
            }
        }
        catch (Exception exception)
        {
            Report(exception);
        }
        finally
        {
            _background.RunOnce("answering the fetches that a request has woken", _afterAnswers.Run);
            Close();
            _input.Dispose();
        }
    }

    /// <summary>Closes when nothing has come or gone for <see cref="NetworkOptions.MaxIdle"/>. A parked request is no activity: long polls are short against it.</summary>
    public void CloseIfIdle()
    {
        if (_time.GetElapsedTime(Volatile.Read(ref _lastActivity)) < _options.MaxIdle) return;
        _logger.ClosedForIdling(_client.Remote);
        Close();
    }

    /// <summary>
    /// Closes when an answer is being sent and the client has taken nothing of it for <see cref="NetworkOptions.MaxStall"/>. To be called now and then
    /// while others wait for the memory that it holds.
    /// </summary>
    public void CloseIfStalled()
    {
        var (now, progress) = (_time.GetTimestamp(), _socket.Progress);
        if (!_responses.HoldsMemory || progress != _seenProgress || _seenProgressAt == 0)
        {
            (_seenProgress, _seenProgressAt) = (progress, _responses.HoldsMemory ? now : 0);
            return;
        }
        if (_time.GetElapsedTime(_seenProgressAt, now) < _options.MaxStall) return;
        _logger.ClosedForStalling(_client.Remote, (int)_options.MaxStall.TotalSeconds);
        Close();
    }

    /// <summary>Ends the connection now; handlers that wait learn of it by <see cref="ClientConnection.Closed"/>.</summary>
    public void Close()
    {
        if (_closed.IsCancellationRequested) return;
        try
        {
            _closed.Cancel();
        }
        finally
        {
            _socket.Close();
        }
    }

    /// <summary>False when the client has said its last.</summary>
    private bool Receive()
    {
        var count = _socket.Receive(_input.Free().Span);
        if (count <= 0) return count < 0;
        _input.Received(count);
        Volatile.Write(ref _lastActivity, _time.GetTimestamp());
        return true;
    }

    private ValueTask HandleAsync(ReadOnlyMemory<byte> frame)
    {
        if (!_responses.HasRoom) return HandleWhenThereIsRoomAsync(frame);
        Handle(frame);
        return ValueTask.CompletedTask;
    }

    private async ValueTask HandleWhenThereIsRoomAsync(ReadOnlyMemory<byte> frame)
    {
        await _responses.FlushAsync().ConfigureAwait(false);
        _afterAnswers.Run();
        await _responses.WaitForRoomAsync(_closed.Token).ConfigureAwait(false);
        Handle(frame);
    }

    private void Handle(ReadOnlyMemory<byte> frame)
    {
        _afterAnswers.StartNoting();
        try
        {
            var (place, answer) = _dispatcher.Dispatch(frame, _client, _responses);
            if (answer.IsCompletedSuccessfully) place.Complete(answer.Result);
            else _background.Observe("completing an answer", CompleteLaterAsync(place, answer));
        }
        finally
        {
            _afterAnswers.StopNoting();
        }
    }

    private async Task CompleteLaterAsync(PendingResponse place, ValueTask<IMessage?> answer)
    {
        try
        {
            place.Complete(await answer.ConfigureAwait(false));
            await _responses.FlushAsync().ConfigureAwait(false);
            Volatile.Write(ref _lastActivity, _time.GetTimestamp());
        }
        catch (Exception exception)
        {
            Report(exception);
            Close();
        }
    }

    /// <summary>Every way in which a connection ends; what is not foreseen is an error of ours and logged as one, and costs this connection only.</summary>
    private void Report(Exception exception)
    {
        switch (exception)
        {
            case MalformedFrameException or CloseConnectionException:
                _logger.ClosedForBadFrame(_client.Remote, exception.Message);
                break;
            case SocketException or OperationCanceledException or ObjectDisposedException:
                _logger.ConnectionEnded(_client.Remote, exception.Message);
                break;
            default:
                _logger.ClosedForFailure(exception, _client.Remote);
                break;
        }
    }

    /// <summary>A client of IPv4 on a dual-stack listener is an IPv4 client.</summary>
    private static IPEndPoint Plain(IPEndPoint endpoint) =>
        endpoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endpoint.Address.MapToIPv4(), endpoint.Port) : endpoint;
}
