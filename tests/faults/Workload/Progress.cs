namespace Garam.Faults.Workload;

/// <summary>How far the load has come, and what is under way at this moment.</summary>
internal sealed class Progress
{
    private long _acknowledged, _read, _committed;
    private int _sending, _committing, _administering;

    /// <summary>Sends that were acknowledged.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Records that readers were given.</summary>
    public long Read => Interlocked.Read(ref _read);

    /// <summary>Commits that were acknowledged.</summary>
    public long Committed => Interlocked.Read(ref _committed);

    /// <summary>Sends, commits and changes of topics that have begun and not ended.</summary>
    public (int Sends, int Commits, int Changes) InFlight => (Volatile.Read(ref _sending), Volatile.Read(ref _committing), Volatile.Read(ref _administering));

    public void SendBegins() => Interlocked.Increment(ref _sending);

    public void SendEnds(bool acknowledged)
    {
        Interlocked.Decrement(ref _sending);
        Interlocked.Add(ref _acknowledged, acknowledged ? 1 : 0);
    }

    public void WasRead(int records) => Interlocked.Add(ref _read, records);

    public void CommitBegins() => Interlocked.Increment(ref _committing);

    public void CommitEnds(bool acknowledged)
    {
        Interlocked.Decrement(ref _committing);
        Interlocked.Add(ref _committed, acknowledged ? 1 : 0);
    }

    public void ChangeBegins() => Interlocked.Increment(ref _administering);

    public void ChangeEnds() => Interlocked.Decrement(ref _administering);
}
