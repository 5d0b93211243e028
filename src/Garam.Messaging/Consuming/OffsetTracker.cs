namespace Garam.Messaging.Consuming;

/// <summary>
/// The records of one assigned partition that were handed out, in the log's order, and the offset up to which all are done.
/// <code>
///   done  done  running  done  waiting
///                  ▲ head                 head's offset is the next to commit: what is behind it may be forgotten,
///                                         what is after it is read again after a crash, done or not
/// </code>
/// A ring of the records themselves rather than of <c>offset - base</c>: compaction and transaction markers leave gaps.
/// Only the poll thread calls it; workers only set <see cref="InFlightRecord.IsDone"/>. A record that is done and waits here for an older one has let
/// go of its bytes: it takes less than 100 bytes, and <see cref="BackPressure.MostTracked"/> bounds how many there are.
/// </summary>
internal sealed class OffsetTracker
{
    private InFlightRecord[] _ring = new InFlightRecord[16];
    private int _first;

    /// <summary>Records that are not behind the head, done or not.</summary>
    public int Count { get; private set; }

    /// <summary>The offset to commit; null while nothing has been finished.</summary>
    public long? Head { get; private set; }

    /// <summary>The oldest offset that is not done, as far as is known; null before the first record.</summary>
    public long? Position => Head ?? (Count > 0 ? _ring[_first].Offset : null);

    public void Add(InFlightRecord record)
    {
        if (Count == _ring.Length)
        {
            Grow();
        }

        _ring[(_first + Count) & (_ring.Length - 1)] = record;
        Count++;
    }

    /// <summary>Moves the head over what is done.</summary>
    public void Advance()
    {
        while (Count > 0 && _ring[_first] is { IsDone: true } done)
        {
            Head = done.Offset + 1;
            _ring[_first] = null!;
            _first = (_first + 1) & (_ring.Length - 1);
            Count--;
        }
    }

    private void Grow()
    {
        var larger = new InFlightRecord[_ring.Length * 2];
        for (var index = 0; index < Count; index++)
        {
            larger[index] = _ring[(_first + index) & (_ring.Length - 1)];
        }

        (_ring, _first) = (larger, 0);
    }
}
