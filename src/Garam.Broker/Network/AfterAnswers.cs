using Garam.Background;

namespace Garam.Broker.Network;

/// <summary>
/// What a request sets off for others is done after its own answer has left, and by the same thread: a produce wakes the fetches that
/// wait for it. Handing them to the thread pool would cost several times the work itself.
/// <code>
///   thread of the producer:  read ─ append ─ wake ┐ ─ answer the producer ─ answer the woken fetches ─ read
///                                                 └ noted here
/// </code>
/// </summary>
internal sealed class AfterAnswers
{
    /// <summary>More than this is too much to let the next request of the connection wait for.</summary>
    private const int MostByOneThread = 64;

    [ThreadStatic]
    private static AfterAnswers? _current;

    private readonly List<Action> _noted = [];

    /// <summary>From here on what this thread sets off is noted, until <see cref="StopNoting"/>; nothing may be awaited in between.</summary>
    public void StartNoting() => _current = this;

    public void StopNoting() => _current = null;

    /// <summary>Does what was noted.</summary>
    public void Run()
    {
        if (_noted.Count == 0) return;
        foreach (var action in _noted) action();
        _noted.Clear();
    }

    /// <summary>Does <paramref name="action"/> soon, outside of the caller's stack.</summary>
    public static void Run(Action action, BackgroundWork background)
    {
        if (_current is { _noted.Count: < MostByOneThread } here) here._noted.Add(action);
        else background.Queue("answering a fetch", action);
    }
}
