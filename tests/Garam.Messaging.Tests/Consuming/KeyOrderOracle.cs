using System.Collections.Concurrent;

namespace Garam.Messaging.Tests.Consuming;

/// <summary>
/// Watches all handlers of a group and says where a promise was broken: a record that begins before its predecessor of the same key was
/// done (skipped), or while another one of its key runs (overlap). What is handled twice is counted: it may be, after a crash.
/// </summary>
internal sealed class KeyOrderOracle
{
    private readonly ConcurrentDictionary<string, KeyHistory> _keys = new();

    public ConcurrentBag<string> Violations { get; } = [];

    /// <summary>Different records done.</summary>
    public int Done => _keys.Values.Sum(key => key.Done);

    public int Repeated => _keys.Values.Sum(key => key.Repeated);

    /// <param name="key">The record's key.</param>
    /// <param name="number">Its place among the records of the key, from 0.</param>
    public void Begin(string key, int number)
    {
        var history = _keys.GetOrAdd(key, _ => new KeyHistory());
        lock (history)
        {
            if (number > history.Done)
            {
                Violations.Add($"{key}: {number} began though only {history.Done} are done");
            }

            if (history.Running++ > 0)
            {
                Violations.Add($"{key}: {number} began while another one ran");
            }
        }
    }

    public void End(string key, int number, bool success)
    {
        var history = _keys[key];
        lock (history)
        {
            history.Running--;
            if (success)
            {
                history.Repeated += number < history.Done ? 1 : 0;
                history.Done = Math.Max(history.Done, number + 1);
            }
        }
    }

    private sealed class KeyHistory
    {
        public int Done { get; set; }

        public int Repeated { get; set; }

        public int Running { get; set; }
    }
}
