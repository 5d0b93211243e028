namespace Garam.Outbox;

/// <summary>
/// Keeps the order of each key: a row starts when the one before it with the same topic and key has ended. Other keys do not wait.
/// </summary>
internal sealed class OutboxLanes
{
    // A key is here while one of its rows is under way; the queue holds those behind it, and is made when there is one.
    private readonly Dictionary<(string Topic, string Key), Queue<OutboxRow>?> _busy = [];

    /// <summary>True when the row may start now; false when it was put behind another.</summary>
    public bool TryEnter(OutboxRow row)
    {
        lock (_busy)
        {
            if (_busy.TryAdd((row.Topic, row.Key), null))
                return true;
            (_busy[(row.Topic, row.Key)] ??= new Queue<OutboxRow>()).Enqueue(row);
            return false;
        }
    }

    /// <summary>The row that was behind <paramref name="ended"/>, which may start now; null when there is none.</summary>
    public OutboxRow? Leave(OutboxRow ended)
    {
        lock (_busy)
        {
            if (_busy[(ended.Topic, ended.Key)] is { Count: > 0 } queue)
                return queue.Dequeue();
            _busy.Remove((ended.Topic, ended.Key));
            return null;
        }
    }
}
