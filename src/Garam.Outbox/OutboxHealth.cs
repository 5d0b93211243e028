using Garam.Background;
using Garam.Outbox.Sqlite;

namespace Garam.Outbox;

/// <summary>What keeps messages from being sent, as of now, over all relays of the process. Safe to read at any time from any
/// thread.</summary>
public sealed class OutboxHealth
{
    private readonly Lock _lock = new();
    private readonly List<OutboxStatus> _outboxes = [];

    /// <summary>Null when all is well; else what is wrong. Messages wait in the outbox; those that are not undeliverable are sent when it
    /// is over.</summary>
    public string? Problem => Problems() is { Count: > 0 } problems ? string.Join(" ", problems) : null;

    /// <summary>What is wrong, one sentence for each problem; empty when nothing is.</summary>
    public IReadOnlyList<string> Problems() => [.. All.SelectMany(outbox => outbox.Problems())];

    internal IReadOnlyList<OutboxStatus> All
    {
        get
        {
            lock (_lock)
                return [.. _outboxes];
        }
    }

    /// <summary>Named after the store's file; a second one of that name gets a number.</summary>
    internal OutboxStatus Add(SqliteOutbox outbox, BackgroundWork background, OutboxSchedule schedule, TimeProvider time)
    {
        var file = Path.GetFileNameWithoutExtension(outbox.Store.Path);
        lock (_lock)
        {
            var name = file;
            for (var number = 2; _outboxes.Exists(known => known.Name == name); number++)
                name = $"{file}-{number}";
            var status = new OutboxStatus(name, outbox, background, schedule, time, Remove);
            _outboxes.Add(status);
            return status;
        }
    }

    private void Remove(OutboxStatus status)
    {
        lock (_lock)
            _outboxes.Remove(status);
    }
}
