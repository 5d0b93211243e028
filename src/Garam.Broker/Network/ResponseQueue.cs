using System.Net.Sockets;
using System.Runtime.InteropServices;
using Garam.Broker.Apis;
using Garam.Broker.Resources;
using Garam.Kafka;

namespace Garam.Broker.Network;

/// <summary>
/// The answers of one connection, in the order of its requests. Handlers may complete in any order and on any thread.
/// <code>
///   requests read   r1      r2       r3      r4
///   answers        done    done    parked   done
///                  \__ sent now __/   ^ r4 waits behind r3
/// </code>
/// All answers that are ready at the head leave in one send. An answer is put into bytes only when its turn comes, so what a
/// client that does not read can make us hold is one burst, whatever it has asked for; what all such clients hold together is bounded by
/// <see cref="ResponseMemory"/>.
/// </summary>
internal sealed class ResponseQueue(NetworkSocket socket, NetworkOptions options, ResponseMemory memory, CancellationToken closed)
{
    /// <summary>A burst is sent when it has grown to this.</summary>
    private const int BurstBytes = 128 * 1024;

    /// <summary>What is smaller is not counted in <see cref="ResponseMemory"/>: a connection costs as much as that anyway.</summary>
    private const int SmallBurst = 16 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<PendingResponse> _pending = new();
    private readonly List<IDisposable> _held = [];
    private ProtocolWriter _burst;
    private long _pendingBytes;
    private long _taken;
    private bool _sending;
    private TaskCompletionSource? _roomier;

    /// <summary>Takes the next place in the order.</summary>
    public PendingResponse Add(RequestContext request, int requestBytes)
    {
        var response = new PendingResponse(request, requestBytes);
        lock (_lock)
        {
            _pending.Enqueue(response);
            _pendingBytes += requestBytes;
        }
        return response;
    }

    /// <summary>Whether a large answer is being sent.</summary>
    public bool HoldsMemory => Volatile.Read(ref _taken) > 0;

    /// <summary>True while the client takes what is sent, and not too many of its requests are unanswered.</summary>
    public bool HasRoom
    {
        get { lock (_lock) return IsRoomy(); }
    }

    /// <summary>Completes when <see cref="HasRoom"/> is true.</summary>
    public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task roomier;
            lock (_lock)
            {
                if (IsRoomy()) return;
                roomier = (_roomier ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            await roomier.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sends what is ready at the head of the queue. Does nothing when a send is under way: that one goes on with the rest.</summary>
    /// <exception cref="SocketException">The client is gone.</exception>
    public async ValueTask FlushAsync()
    {
        lock (_lock)
        {
            if (_sending || !HeadIsReady()) return;
            _sending = true;
        }
        // When this throws, the queue stays in the state of sending: the connection is about to be closed.
        try
        {
            while (true)
            {
                while (MustWait()) await memory.WaitForRoomAsync(closed).ConfigureAwait(false);
                if (!WriteBurst()) return;
                await SendBurstAsync().ConfigureAwait(false);
                ReleaseBurst();
            }
        }
        catch
        {
            ReleaseBurst();
            throw;
        }
    }

    private bool IsRoomy() => !_sending && _pending.Count < options.MaxUnanswered && _pendingBytes < options.MaxUnansweredBytes;

    private bool HeadIsReady() => _pending.TryPeek(out var head) && head.IsReady;

    /// <summary>Puts ready answers into bytes; false when there are none left, and then nothing is being sent any more.</summary>
    private bool WriteBurst()
    {
        var written = 0;
        while (TryTakeReady(endsHere: written == 0, out var response))
        {
            if (response!.Message is not { } message) continue;
            if (written == 0) _burst = new ProtocolWriter();
            if (message is IDisposable held) _held.Add(held);
            if (message is IBoundedAnswer bounded) Bound(bounded);
            WriteFrame(message, response.Request);
            written = _burst.Length;
            // A frame's size is patched into the buffer, so what is sent from elsewhere must be the last of its burst.
            if (written >= BurstBytes || _burst.SegmentCount > 1 || MustWait()) break;
        }
        Settle(written);
        return written > 0;
    }

    /// <summary>Whether the next answer has to wait for memory: one to a fetch, which can be large. The acknowledgement of a produce does not.</summary>
    private bool MustWait()
    {
        if (memory.HasRoom) return false;
        lock (_lock) return memory.IsOverdrawn || (HeadIsReady() && _pending.Peek().Message is IBoundedAnswer);
    }

    private void Bound(IBoundedAnswer answer)
    {
        var share = memory.TakeShare();
        _taken += share;
        answer.Bound(share);
    }

    /// <summary>From the share that was taken to the memory that is used.</summary>
    private void Settle(int written)
    {
        var used = written > SmallBurst ? written : 0;
        if (used > _taken) memory.Take(used - _taken);
        else memory.Return(_taken - used);
        _taken = used;
    }

    private bool TryTakeReady(bool endsHere, out PendingResponse? response)
    {
        TaskCompletionSource? roomier;
        lock (_lock)
        {
            if (HeadIsReady())
            {
                response = _pending.Dequeue();
                _pendingBytes -= response.RequestBytes;
                return true;
            }
            response = null;
            if (!endsHere) return false;
            // In the same breath as the look at the queue: who completes an answer after this finds nobody sending and sends itself.
            _sending = false;
            (roomier, _roomier) = (_roomier, null);
        }
        roomier?.TrySetResult();
        return false;
    }

    private void WriteFrame(IMessage message, RequestContext request)
    {
        var start = _burst.BeginFrame();
        new ResponseHeader(request.CorrelationId).Write(ref _burst, request.ApiKey, request.Version);
        message.Write(ref _burst, request.Version);
        _burst.EndFrame(start);
    }

    private async ValueTask SendBurstAsync()
    {
        if (_burst.SegmentCount == 1)
        {
            await socket.SendAsync(_burst.GetSegment(0)).ConfigureAwait(false);
            return;
        }
        var segments = new List<ArraySegment<byte>>(_burst.SegmentCount);
        for (var i = 0; i < _burst.SegmentCount; i++)
        {
            if (_burst.GetSegment(i) is { Length: > 0 } piece && MemoryMarshal.TryGetArray(piece, out var segment)) segments.Add(segment);
        }
        await socket.SendAsync(segments).ConfigureAwait(false);
    }

    private void ReleaseBurst()
    {
        _burst.Dispose();
        foreach (var held in _held) held.Dispose();
        _held.Clear();
        memory.Return(_taken);
        _taken = 0;
    }
}
