namespace Garam.Outbox;

/// <summary>What keeps messages from leaving, as of now. Safe to read at any time from any thread.</summary>
public sealed class OutboxHealth
{
    private readonly Dictionary<long, string> _failing = [];
    private volatile string? _storeTrouble;

    /// <summary>Null when all is well; else what is wrong. Messages wait in the outbox, and leave by themselves when it is over.</summary>
    public string? Problem
    {
        get
        {
            if (_storeTrouble is { } trouble)
                return trouble;
            lock (_failing)
            {
                return _failing.Count == 0
                    ? null
                    : $"{_failing.Count} messages cannot leave the outbox and are tried again. The oldest: {_failing[_failing.Keys.Min()]}";
            }
        }
    }

    /// <summary>True when this is the first trouble after none.</summary>
    internal bool Report(OutboxRow row, Exception error)
    {
        lock (_failing)
        {
            _failing[row.Id] = error.Message;
            return _failing.Count == 1;
        }
    }

    /// <summary>True when this was the last trouble.</summary>
    internal bool Clear(OutboxRow row)
    {
        lock (_failing)
        {
            return _failing.Remove(row.Id) && _failing.Count == 0;
        }
    }

    internal void StoreTrouble(string? reason) => _storeTrouble = reason;
}
