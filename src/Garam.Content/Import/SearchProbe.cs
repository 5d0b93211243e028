namespace Garam.Content.Import;

/// <summary>
/// Looks for some of the created posts until search finds them. A post is taken for a sample only when a place is free at that moment:
/// looking for all of them would be the load that it measures.
/// </summary>
internal sealed class SearchProbe(PlatformClient platform, TimeSpan timeout, TimeProvider time)
{
    private const int Places = 4;
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly List<Task> _running = [];
    private readonly List<TimeSpan> _lags = [];
    private int _free = Places;
    private int _missing;
    private volatile bool _isOver;

    /// <summary>Begins to look for the post, if a place is free.</summary>
    public void Offer(long id, string keyword)
    {
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                _running.Add(LookAsync(id, keyword, time.GetTimestamp(), CancellationToken.None));
            }
        }
    }

    /// <summary>Looks for the posts that were created last, then tells what was measured. When they are found, so are those before them.</summary>
    public async Task<SearchableLag> FinishAsync(IReadOnlyList<(long Id, string Keyword)> last, CancellationToken cancellationToken)
    {
        var created = time.GetTimestamp();
        await Task.WhenAll(last.Select(post => LookAsync(post.Id, post.Keyword, created, cancellationToken))).ConfigureAwait(false);
        _isOver = true;
        await Task.WhenAll(_running).ConfigureAwait(false);
        _lags.Sort();
        return new SearchableLag(_lags.Count, _missing, Percentile(50), Percentile(99), Percentile(100));
    }

    private async Task LookAsync(long id, string keyword, long created, CancellationToken cancellationToken)
    {
        var isFound = false;
        while (!isFound && !_isOver && time.GetElapsedTime(created) < timeout)
        {
            await Task.Delay(LookAgainAfter, time, cancellationToken).ConfigureAwait(false);
            isFound = await platform.IsFoundAsync(id, keyword, cancellationToken).ConfigureAwait(false);
        }

        lock (_lock)
        {
            _free++;
            if (isFound)
            {
                _lags.Add(time.GetElapsedTime(created));
            }
            else
            {
                _missing++;
            }
        }
    }

    private TimeSpan Percentile(int percent) => _lags.Count == 0 ? TimeSpan.Zero : _lags[(int)Math.Ceiling(_lags.Count * percent / 100.0) - 1];
}
