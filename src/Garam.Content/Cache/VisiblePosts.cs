namespace Garam.Content.Cache;

/// <summary>
/// Visible posts in memory, read through from <see cref="IApprovedPosts"/> and renewed by what post.inspected says.
/// </summary>
/// <remarks>
/// An event is not copied into the cache: it says that the truth has changed, and the truth is read again (verdicts are stored before
/// they are published, so it is never behind the event). An event that is delivered again, late or from offset 0, can therefore not
/// bring anything back. What was being read when an event came is not kept either, as it may be what the event replaced:
/// <code>
///   reader   miss ─ read v1 ..................... has v1: void, reads again ─► nothing
///   author            delete v2 ─► event v2 ─► voids the reading, reads ─► nothing
/// </code>
/// That a post cannot be seen is kept like any answer, so that asking for what is not there costs no query either.
/// </remarks>
internal sealed class VisiblePosts : IVisiblePosts
{
    /// <summary>The longest that an answer outlives the truth while no event arrives.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private readonly IApprovedPosts _approved;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly RecentlyUsed _entries;
    private readonly Dictionary<long, Reading> _readings = [];

    /// <param name="approved">The truth.</param>
    /// <param name="maxBytes">Memory for entries; the least recently used make room.</param>
    /// <param name="time">Measures the age of entries.</param>
    public VisiblePosts(IApprovedPosts approved, long maxBytes, TimeProvider time) =>
        (_approved, _entries, _time) = (approved, new RecentlyUsed(maxBytes), time);

    public ValueTask<PostRendition?> FindAsync(long id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (TryGetFresh(id, out var post))
            {
                return ValueTask.FromResult(post);
            }
        }

        return new ValueTask<PostRendition?>(FindMissingAsync());

        async Task<PostRendition?> FindMissingAsync() =>
            (await FindAsync([id], cancellationToken).ConfigureAwait(false)).GetValueOrDefault(id);
    }

    public async ValueTask<IReadOnlyDictionary<long, PostRendition>> FindAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, PostRendition>(ids.Count);
        var missing = ids;
        while (missing.Count > 0)
        {
            var (mine, all) = TakeFresh(missing, found);
            if (mine.Count > 0)
            {
                // Others wait for it too: it must not end because this caller goes away.
                _ = ReadAsync(mine);
            }

            missing = await CollectAsync(all, found, cancellationToken).ConfigureAwait(false);
        }

        return found;
    }

    /// <summary>What is kept of a post now, without reading it or making it more recently used; null for nothing.</summary>
    public CacheEntry? Peek(long id)
    {
        lock (_lock)
        {
            return _entries.Peek(id);
        }
    }

    /// <summary>Renews a post that has changed; <paramref name="version"/> is the one that it changed to.</summary>
    public async Task RenewAsync(long id, int version, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_readings.Remove(id, out var reading))
            {
                reading.IsVoid = true;
            }

            if (_entries.Peek(id) is { Post: { } post } && post.Version > version)
            {
                return;
            }

            _entries.Remove(id);
        }

        await FindAsync(id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes what is there, and joins or begins a reading for each of the others.</summary>
    private (List<Reading> Mine, List<Reading> All) TakeFresh(IReadOnlyList<long> ids, Dictionary<long, PostRendition> found)
    {
        List<Reading> mine = [], all = [];
        lock (_lock)
        {
            foreach (var id in ids)
            {
                if (TryGetFresh(id, out var post))
                {
                    Add(found, id, post);
                }
                else
                {
                    if (!_readings.TryGetValue(id, out var reading))
                    {
                        _readings.Add(id, reading = new Reading(id));
                        mine.Add(reading);
                    }

                    all.Add(reading);
                }
            }
        }

        return (mine, all);
    }

    private async Task ReadAsync(List<Reading> readings)
    {
        try
        {
            var approved = await _approved.FindAsync([.. readings.Select(reading => reading.Id)], CancellationToken.None).ConfigureAwait(false);
            readings.ForEach(reading => Keep(reading, approved.GetValueOrDefault(reading.Id)));
        }
        // Not swallowed: everyone who waits for the answer gets the exception.
        catch (Exception error)
        {
            readings.ForEach(reading => Fail(reading, error));
        }
    }

    private static async Task<IReadOnlyList<long>> CollectAsync(List<Reading> readings, Dictionary<long, PostRendition> found, CancellationToken cancellationToken)
    {
        var again = new List<long>();
        foreach (var reading in readings)
        {
            var post = await reading.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (reading.IsVoid)
            {
                again.Add(reading.Id);
            }
            else
            {
                Add(found, reading.Id, post);
            }
        }

        return again;
    }

    private void Keep(Reading reading, PostRendition? post)
    {
        lock (_lock)
        {
            if (!reading.IsVoid)
            {
                _readings.Remove(reading.Id);
                var before = _entries.Peek(reading.Id);
                var since = before is not null && before.Post?.Version == post?.Version ? before.Since : _time.GetUtcNow();
                _entries.Set(reading.Id, new CacheEntry(post, _time.GetTimestamp(), since));
            }
        }

        reading.Complete(post);
    }

    private void Fail(Reading reading, Exception error)
    {
        lock (_lock)
        {
            if (!reading.IsVoid)
            {
                _readings.Remove(reading.Id);
            }
        }

        reading.Fail(error);
    }

    private bool TryGetFresh(long id, out PostRendition? post)
    {
        var entry = _entries.Get(id);
        post = entry?.Post;
        return entry is not null && _time.GetElapsedTime(entry.ReadAt) < MaxAge;
    }

    private static void Add(Dictionary<long, PostRendition> found, long id, PostRendition? post)
    {
        if (post is not null)
        {
            found[id] = post;
        }
    }
}
