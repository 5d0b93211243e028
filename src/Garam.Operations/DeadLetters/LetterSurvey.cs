using Garam.Messaging.Failures;
using Garam.Operations.Connections;
using Garam.Operations.Messages;

namespace Garam.Operations.DeadLetters;

/// <summary>One reading of a dead-letter topic, up to the ends that it has at the beginning: which letters match, and which of them were sent back.</summary>
internal sealed class LetterSurvey
{
    /// <summary>A letter as short as it can be kept: a survey may find a million.</summary>
    /// <param name="Offset">Where it lies.</param>
    /// <param name="Topic">Where it comes from; null: not known.</param>
    /// <param name="Partition">Likewise.</param>
    /// <param name="Group">Who gave it up; null: not known.</param>
    /// <param name="Redrives">How often it was sent back before it failed again.</param>
    /// <param name="LacksValue">It says where the record is and does not hold it.</param>
    public readonly record struct Found(long Offset, string? Topic, int? Partition, string? Group, int Redrives, bool LacksValue);

    private readonly Dictionary<int, List<Found>> _letters = [];
    private readonly Dictionary<int, Dictionary<long, Redriven>> _redriven = [];
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    private LetterSurvey(IReadOnlyDictionary<int, long> ends) => Ends = ends;

    /// <summary>The ends up to which markers were looked for.</summary>
    public IReadOnlyDictionary<int, long> Ends { get; }

    /// <summary>The letter at the place that was asked for; null: every other selection, or there is none.</summary>
    public DeadLetter? Only { get; private set; }

    public IEnumerable<(int Partition, Found Letter)> Letters => _letters.SelectMany(partition => partition.Value.Select(letter => (partition.Key, letter)));

    /// <exception cref="OperationException">There is no such topic or partition, or the brokers went away.</exception>
    public static async Task<LetterSurvey> MakeAsync(KafkaConnection kafka, TimeProvider time, string topic, RedriveSelection selection, CancellationToken ct)
    {
        var partitions = await BrowsePlan.PartitionsAsync(kafka, [topic], ct);
        if (selection is RedriveSelection.Place place)
        {
            partitions = [.. partitions.Where(partition => partition.Partition.Value == place.Partition)];
            if (partitions.Count == 0)
                throw new OperationException(FailureKind.NotFound, $"topic {topic} has no partition {place.Partition}.");
        }

        var ranges = await BrowsePlan.BoundsAsync(kafka, partitions, ct);
        var survey = new LetterSurvey(ranges.ToDictionary(range => range.Partition.Partition.Value, range => range.Until));
        if (selection is RedriveSelection.Place from)
            ranges = [.. ranges.Select(range => range with { From = Math.Max(range.From, from.Offset) })];
        await LetterReader.ReadAsync(kafka, time, ranges, record => survey.Take(record, selection), ct);
        return survey;
    }

    public Redriven? RedrivenOf(int partition, long offset) => _redriven.GetValueOrDefault(partition)?.GetValueOrDefault(offset);

    private void Take(StoredRecord record, RedriveSelection selection)
    {
        if (LetterReading.Marker(record) is { } marker)
        {
            if (!_redriven.TryGetValue(record.Partition, out var redriven))
                _redriven[record.Partition] = redriven = [];
            redriven[marker.Offset] = marker.Redriven;
        }
        else if (!LetterReading.IsMarker(record) && IsSelected(record, selection))
        {
            var letter = LetterReading.Read(record);
            if (selection is RedriveSelection.Place)
                Only = letter;
            if (!_letters.TryGetValue(record.Partition, out var letters))
                _letters[record.Partition] = letters = [];
            letters.Add(new Found(record.Offset, Shared(letter.SourceTopic), letter.SourcePartition, Shared(letter.Group), letter.Redrives, record.Header(DeadLetterHeaders.Omitted) is not null));
        }
    }

    private static bool IsSelected(StoredRecord record, RedriveSelection selection) => selection switch
    {
        RedriveSelection.Place place => record.Offset == place.Offset,
        RedriveSelection.Matching matching => matching.Query.Matches(record),
        _ => true,
    };

    /// <summary>One string for all letters that say the same.</summary>
    private string? Shared(string? text)
    {
        if (text is null)
            return null;
        if (!_names.TryGetValue(text, out var shared) && _names.Count < 10_000)
            _names[text] = shared = text;
        return shared ?? text;
    }
}
