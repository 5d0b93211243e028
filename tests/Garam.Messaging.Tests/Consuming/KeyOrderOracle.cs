namespace Garam.Messaging.Tests.Consuming;

/// <summary>
/// Watches all handlers of a group and notes where a promise is broken. What is handled twice is counted: it may be, after a crash.
/// </summary>
internal sealed class KeyOrderOracle
{
    private readonly Dictionary<string, KeyHistory> _keys = [];

    /// <summary>Records that began before their predecessor of the same key was done.</summary>
    public List<string> Skips { get; } = [];

    /// <summary>Records that began while another one of their key ran.</summary>
    public List<string> Overlaps { get; } = [];

    /// <summary>Different records done.</summary>
    public int Done => Sum(key => key.Done);

    /// <summary>Handlers that have begun and not ended.</summary>
    public int Running => Sum(key => key.Running);

    public int Repeated => Sum(key => key.Repeated);

    /// <param name="key">The record's key.</param>
    /// <param name="number">Its place among the records of the key, from 0.</param>
    public void Begin(string key, int number)
    {
        lock (_keys)
        {
            if (!_keys.TryGetValue(key, out var history))
            {
                _keys[key] = history = new KeyHistory();
            }

            if (number > history.Done)
            {
                Skips.Add($"{key}: {number} began though only {history.Done} are done");
            }

            if (history.Running++ > 0)
            {
                Overlaps.Add($"{key}: {number} began while another one ran");
            }
        }
    }

    public void End(string key, int number, bool success = true)
    {
        lock (_keys)
        {
            var history = _keys[key];
            history.Running--;
            if (success)
            {
                history.Repeated += number < history.Done ? 1 : 0;
                history.Done = Math.Max(history.Done, number + 1);
            }
        }
    }

    /// <summary>What ran has ended with its process.</summary>
    public void Crash()
    {
        lock (_keys)
        {
            foreach (var history in _keys.Values)
            {
                history.Running = 0;
            }
        }
    }

    private int Sum(Func<KeyHistory, int> value)
    {
        lock (_keys)
        {
            return _keys.Values.Sum(value);
        }
    }

    private sealed class KeyHistory
    {
        public int Done { get; set; }

        public int Repeated { get; set; }

        public int Running { get; set; }
    }
}
