using Garam.Operations;

namespace Garam.Console.Snapshots;

/// <summary>
/// The cluster as the pages show it: one look for all of them, not older than two seconds while the broker answers. While it does not, the last
/// look is served at once, with its age. It is only looked when somebody asks: a console without readers asks nothing of the broker.
/// </summary>
internal sealed class ClusterView(ClusterLook look, History history, RecentChanges changes, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    /// <summary>How long a page waits for a newer look when there is an older one to show.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    /// <summary>How long it waits when there is none, or when something was just changed, and the old one would be wrong.</summary>
    private static readonly TimeSpan LongPatience = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private Snapshot _last = Snapshot.None;
    private Looking? _looking;
    private bool _outdated;
    private int _begun;
    private int _published;

    public async Task<Snapshot> CurrentAsync(CancellationToken ct)
    {
        Task looking;
        TimeSpan patience;
        lock (_lock)
        {
            if (!_outdated && _last.Trouble is null && time.GetUtcNow() - _last.At < Fresh)
                return _last;
            patience = _outdated || !_last.IsKnown ? LongPatience : _last.Trouble is null ? Patience : TimeSpan.Zero;
            if (_outdated || _looking is null || _looking.Done.IsCompleted)
                _looking = Begin();
            _outdated = false;
            looking = _looking.Done;
        }

        await Task.WhenAny(looking, Task.Delay(patience, time, ct));
        ct.ThrowIfCancellationRequested();
        lock (_lock)
            return _last;
    }

    /// <summary>Something was changed: the next page must not show what was before.</summary>
    public void Forget()
    {
        lock (_lock)
            _outdated = true;
    }

    private Looking Begin()
    {
        var number = ++_begun;
        // The look belongs to all who wait for it: none of them ends it.
        return new Looking(Task.Run(() => LookAsync(number)));
    }

    private async Task LookAsync(int number)
    {
        var at = time.GetUtcNow();
        try
        {
            var (topics, groups) = await look.LookAsync(CancellationToken.None);
            history.Add(at, topics, groups);
            Publish(number, new Snapshot(at, [.. topics.Select(topic => topic with { Rate = history.Rate(topic.Name) })], groups, null));
        }
        catch (Exception exception) when (OperationException.From(exception) is { } failure)
        {
            Publish(number, null, failure);
        }
    }

    private void Publish(int number, Snapshot? seen, OperationException? trouble = null)
    {
        lock (_lock)
        {
            // A look that began before a change may end after one that began behind it.
            if (number < _published)
                return;
            _published = number;
            if (seen is not null)
                changes.Compare(_last, seen);
            _last = seen ?? _last with { Trouble = trouble };
        }
    }

    private sealed record Looking(Task Done);
}
