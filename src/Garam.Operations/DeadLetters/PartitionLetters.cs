using Garam.Operations.Messages;

namespace Garam.Operations.DeadLetters;

/// <summary>
/// What is known of one partition of dead letters, in the order of the log: where each letter is, of which kind, and whether a marker behind it says that it was sent back.
/// <code>
///   start                                              next
///   │ letter   letter   letter   marker of the first    │  not read yet
///   └ what retention has taken is forgotten here        └ reading goes on here
/// </code>
/// </summary>
internal sealed class PartitionLetters
{
    private readonly List<Entry> _letters = [];
    private int _first;

    /// <summary>The first offset that was not looked at.</summary>
    public long Next { get; private set; }

    /// <summary>The first offset that was looked at.</summary>
    public long From { get; private set; } = -1;

    /// <summary>Letters that are there and were not sent back.</summary>
    public IEnumerable<Entry> Open => _letters.Skip(_first).Where(letter => !letter.IsRedriven);

    public int Count => _letters.Count - _first;

    /// <summary>Begins at an offset, unless it has begun, and what comes follows on what is known.</summary>
    public void ReadFrom(long offset)
    {
        if (From >= 0 && offset <= Next)
            return;
        _letters.Clear();
        _first = 0;
        From = Next = offset;
    }

    public void Add(StoredRecord record, Func<DeadLetter, int> kindOf)
    {
        Next = record.Offset + 1;
        if (LetterReading.Marker(record) is { } marker)
            MarkRedriven(marker.Offset);
        else if (!LetterReading.IsMarker(record))
        {
            var letter = LetterReading.Read(record);
            _letters.Add(new Entry(record.Offset, kindOf(letter), letter.At, IsRedriven: false));
        }
    }

    /// <summary>The log was read up to here, though its last offsets may hold no record.</summary>
    public void ReadUpTo(long end) => Next = Math.Max(Next, end);

    /// <summary>Forgets what retention has deleted, which lies before <paramref name="start"/>, and what is more than <paramref name="most"/>: the oldest.</summary>
    public void Forget(long start, long most)
    {
        while (_first < _letters.Count && (_letters[_first].Offset < start || Count > most))
            From = _letters[_first++].Offset + 1;
        if (_first > _letters.Count / 2)
        {
            _letters.RemoveRange(0, _first);
            _first = 0;
        }
    }

    private void MarkRedriven(long offset)
    {
        var at = _letters.BinarySearch(_first, _letters.Count - _first, new Entry(offset, 0, null, false), Entry.ByOffset);
        if (at >= 0)
            _letters[at] = _letters[at] with { IsRedriven = true };
    }

    /// <summary>A letter as short as it can be kept.</summary>
    public readonly record struct Entry(long Offset, int Kind, DateTimeOffset? At, bool IsRedriven)
    {
        public static readonly IComparer<Entry> ByOffset = Comparer<Entry>.Create((left, right) => left.Offset.CompareTo(right.Offset));
    }
}
