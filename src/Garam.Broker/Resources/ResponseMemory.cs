namespace Garam.Broker.Resources;

/// <summary>
/// Bounds the memory of all answers that have been written and not yet sent. A client that does not read holds its answer for as long as it is
/// connected: when many do, further fetches are answered with less, and then wait until memory is returned. Thread-safe.
/// </summary>
/// <param name="limit">
/// Bytes of all answers to fetches together; of all answers, twice that. Each answer that is being written may exceed it by one record batch.
/// </param>
internal sealed class ResponseMemory(long limit)
{
    /// <summary>An answer takes at most this part of what is left, so that the first slow readers do not take everything.</summary>
    private const int ShareOfRest = 4;

    private const int MinShare = 1024 * 1024;

    private readonly Lock _lock = new();
    private TaskCompletionSource? _returned;
    private long _used;

    /// <summary>Called when an answer begins to wait: the time to close connections that do not read.</summary>
    public Action? Exhausted { get; set; }

    /// <summary>What is held now.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Whether an answer that may be large can be written now.</summary>
    public bool HasRoom => Used < limit;

    /// <summary>Small answers do not wait for memory, until those of unexpected size have taken as much again.</summary>
    public bool IsOverdrawn => Used >= 2 * limit;

    /// <summary>Whether answers wait.</summary>
    public bool IsAwaited
    {
        get { lock (_lock) return _returned is not null; }
    }

    /// <summary>Takes what one answer of unknown size may use now. What it did not use is to be returned when it has been written.</summary>
    public int TakeShare()
    {
        lock (_lock)
        {
            var share = (int)Math.Clamp((limit - _used) / ShareOfRest, MinShare, int.MaxValue);
            _used += share;
            return share;
        }
    }

    /// <summary>Counts memory that is used already.</summary>
    public void Take(long bytes)
    {
        lock (_lock) _used += bytes;
    }

    /// <summary>Memory is free again.</summary>
    public void Return(long bytes)
    {
        if (bytes == 0) return;
        TaskCompletionSource? returned = null;
        lock (_lock)
        {
            _used -= bytes;
            if (HasRoom) (returned, _returned) = (_returned, null);
        }
        returned?.TrySetResult();
    }

    /// <summary>Completes when <see cref="HasRoom"/> was true since. Others may be faster: look again.</summary>
    public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        Task returned;
        lock (_lock)
        {
            if (HasRoom) return;
            returned = (_returned ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
        Exhausted?.Invoke();
        await returned.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
