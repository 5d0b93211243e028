namespace Garam.Broker.Log;

/// <summary>The segments of a log in order; never empty. Changed under the partition's lock by putting a new array in place, so that readers need no lock.</summary>
internal sealed class SegmentList(LogSegment[] segments)
{
    private volatile LogSegment[] _segments = segments;

    public ReadOnlySpan<LogSegment> All => _segments;

    /// <summary>Another one after every change.</summary>
    public object Version => _segments;

    public LogSegment First => _segments[0];

    /// <summary>The one that is appended to.</summary>
    public LogSegment Active => _segments[^1];

    public long SizeInBytes
    {
        get
        {
            var total = 0L;
            foreach (var segment in _segments)
            {
                total += segment.Size;
            }
            return total;
        }
    }

    /// <summary>The segments from the one that holds <paramref name="offset"/> on; from the first one when that is younger.</summary>
    public ReadOnlySpan<LogSegment> From(long offset)
    {
        var all = _segments;
        int low = 0, high = all.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (all[middle].BaseOffset <= offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }
        return all.AsSpan(Math.Max(high, 0));
    }

    public void Add(LogSegment segment) => _segments = [.. _segments, segment];

    public void RemoveFirst(int count) => _segments = _segments[count..];

    /// <summary>Puts <paramref name="replacement"/> in the place of <paramref name="old"/>, which are neighbours.</summary>
    public void Replace(ReadOnlySpan<LogSegment> old, LogSegment replacement)
    {
        var at = Array.IndexOf(_segments, old[0]);
        _segments = [.. _segments[..at], replacement, .. _segments[(at + old.Length)..]];
    }
}
