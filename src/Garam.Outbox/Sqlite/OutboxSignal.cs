using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Garam.Outbox.Sqlite;

/// <summary>What the writers of a store tell the relay of its outbox, however many <see cref="SqliteOutbox"/> objects there are.</summary>
internal sealed class OutboxSignal
{
    // Holds one item when there is something to do: more would say nothing new.
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentQueue<long> _changed = new();
    private bool _added;
    private int _claimed;

    public OutboxSignal(SqliteStore store) => store.Committed += AnnounceIfAdded;

    /// <summary>A message was added by the command that runs now, on the writer's thread.</summary>
    public void Added() => _added = true;

    /// <summary>An operator has retried or removed this row, and the change is committed.</summary>
    public void Changed(long id)
    {
        _changed.Enqueue(id);
        Wake();
    }

    /// <summary>The relay has a reason of its own to read again.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>The next row that an operator has changed.</summary>
    public bool TryTakeChanged(out long id) => _changed.TryDequeue(out id);

    /// <summary>Completes when there was something new since the last call completed, at once if that is already so.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _wake.Reader.ReadAsync(cancellationToken);

    /// <summary>False when the store has a relay already: two would send everything twice, and out of order.</summary>
    public bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;

    public void Unclaim() => Volatile.Write(ref _claimed, 0);

    // On the writer's thread, as Added is: the flag needs no lock.
    private void AnnounceIfAdded()
    {
        if (!_added)
            return;
        _added = false;
        Wake();
    }
}
