using Garam.Operations.Messages;

namespace Garam.Operations.DeadLetters;

/// <summary>What is known of one topic of dead letters. Grows with what is read; nothing is read twice.</summary>
internal sealed class LetterTally(string topic)
{
    // Whoever writes a letter chooses the type of its exception.
    private const int MaxKinds = 500;
    private const int MaxText = 500;

    private readonly SortedDictionary<int, PartitionLetters> _partitions = [];
    private readonly List<Kind> _kinds = [];
    private readonly Dictionary<KindKey, int> _numbers = [];

    /// <summary>What has to be read to know everything that lies between these bounds, or the newest of it.</summary>
    public IReadOnlyList<PartitionRange> Unread(IReadOnlyCollection<PartitionRange> bounds)
    {
        var most = Math.Max(1, DeadLetterOperations.MaxScanned / bounds.Count);
        return [.. bounds.Select(range => Unread(range, most)).Where(range => !range.IsEmpty)];
    }

    public void Add(StoredRecord record) => _partitions[record.Partition].Add(record, NumberOf);

    /// <summary>Everything unread was added.</summary>
    public void EndReading(IReadOnlyCollection<PartitionRange> bounds)
    {
        foreach (var range in bounds)
            _partitions[range.Partition.Partition.Value].ReadUpTo(range.Until);
    }

    /// <summary>Where the open letters are, the newest first.</summary>
    public IReadOnlyList<StoredPlace> Open() =>
    [
        .. _partitions.SelectMany(partition => partition.Value.Open.Select(letter => (Place: new StoredPlace(topic, partition.Key, letter.Offset), letter.At)))
            .OrderByDescending(letter => letter.At ?? DateTimeOffset.MinValue).ThenByDescending(letter => letter.Place.Offset).Select(letter => letter.Place),
    ];

    public DeadLetterTopic Summary(IReadOnlyCollection<PartitionRange> bounds)
    {
        var open = _partitions.Values.SelectMany(partition => partition.Open).ToList();
        return new DeadLetterTopic(
            topic,
            Only(kind => kind.Source),
            Only(kind => kind.Group),
            open.Count,
            _partitions.Values.Sum(partition => (long)partition.Count),
            open.Min(letter => letter.At),
            open.Max(letter => letter.At),
            Reasons(open),
            bounds.Sum(range => Math.Max(0, _partitions[range.Partition.Partition.Value].From - range.From)));
    }

    private PartitionRange Unread(PartitionRange range, long most)
    {
        var number = range.Partition.Partition.Value;
        if (!_partitions.TryGetValue(number, out var known) || known.Next > range.Until)
            _partitions[number] = known = new PartitionLetters();      // new, or a new topic of an old name
        known.ReadFrom(Math.Max(range.From, range.Until - most));
        known.Forget(range.From, most);
        return range with { From = known.Next };
    }

    private List<DeadLetterReason> Reasons(List<PartitionLetters.Entry> open) =>
    [
        .. open.GroupBy(letter => _kinds[letter.Kind].Exception)
            .Select(same => (Newest: same.MaxBy(letter => letter.At ?? DateTimeOffset.MinValue), Count: same.LongCount(), Exception: same.Key))
            .Select(reason => new DeadLetterReason(reason.Exception, reason.Count, _kinds[reason.Newest.Kind].Example, reason.Newest.At, _kinds[reason.Newest.Kind].Query))
            .OrderByDescending(reason => reason.Count).ThenBy(reason => reason.Exception, StringComparer.Ordinal),
    ];

    private int NumberOf(DeadLetter letter)
    {
        var key = new KindKey(Cut(letter.SourceTopic), Cut(letter.Group), Cut(letter.Exception));
        if (!_numbers.ContainsKey(key) && _kinds.Count >= MaxKinds)
            key = new KindKey(null, null, null);
        if (!_numbers.TryGetValue(key, out var number))
        {
            _numbers[key] = number = _kinds.Count;
            _kinds.Add(new Kind(key.Source, key.Group, key.Exception, ReasonQuery.Of(letter)));
        }

        _kinds[number].Example = Cut(letter.Message);
        return number;
    }

    private string? Only(Func<Kind, string?> of) => _kinds.Select(of).Distinct().Take(2).ToList() is [var only] ? only : null;

    private static string? Cut(string? text) => text is { Length: > MaxText } ? text[..MaxText] : text;

    private readonly record struct KindKey(string? Source, string? Group, string? Exception);

    private sealed class Kind(string? source, string? group, string? exception, string query)
    {
        public string? Source => source;

        public string? Group => group;

        public string? Exception => exception;

        public string Query => query;

        /// <summary>The message of the newest.</summary>
        public string? Example { get; set; }
    }
}
