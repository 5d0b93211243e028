using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Operations.Connections;
using Garam.Operations.DeadLetters;
using Garam.Operations.Queries;
using Garam.Operations.Topics;

namespace Garam.Operations.Messages;

/// <summary>
/// Looks through other topics for records that belong to the journey of one. Its topics' next hops lie near it in time, so that time is looked through in
/// windows, the near ones first, until there is nothing more or too much of it:
/// <code>
///              record
///   ──[─1 min───●──1 min──][────10 min────][────1 h────][──────── … the end
///                                          dead letters keep the time of their record, and are looked through from there on
/// </code>
/// </summary>
internal sealed class JourneySearch(KafkaConnection kafka, TimeProvider time, StoredRecord record)
{
    private const long MostRecords = 200_000;
    private static readonly TimeSpan LongestSearch = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortestWindow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan[] Windows = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromDays(1)];

    private readonly string? _trace = TraceId.Of(record);
    private readonly HashSet<StoredPlace> _found = [record.Place];
    private readonly long _started = time.GetTimestamp();
    private long _records;

    public async IAsyncEnumerable<JourneyStep> RunAsync([EnumeratorCancellation] CancellationToken ct)
    {
        if (record.TimestampMs is not { } at)
        {
            yield return new JourneyStep.Looked(0, 0, From: null, Until: null, Complete: false);
            yield break;
        }

        var all = await BoundsAsync(ct);
        var start = at - (long)Before.TotalMilliseconds;
        var letters = await FromAsync(all.Where(range => DeadLetterNames.IsOne(range.Partition.Topic)).ToList(), start, ct);
        await foreach (var step in ReadAsync(Newest(letters, MostRecords / 2), ct))
            yield return step;
        var others = all.Where(range => !DeadLetterNames.IsOne(range.Partition.Topic)).ToList();
        await foreach (var step in SearchWindowsAsync(others, at, start, letters.Sum(range => range.Count) <= MostRecords / 2, ct))
            yield return step;
    }

    private async IAsyncEnumerable<JourneyStep> SearchWindowsAsync(IReadOnlyList<PartitionRange> all, long at, long start, bool complete, [EnumeratorCancellation] CancellationToken ct)
    {
        var topics = 0;
        var rest = _trace is null ? [] : await FromAsync(all, start, ct);
        var (from, until) = (DateTimeOffset.FromUnixTimeMilliseconds(start), start);
        foreach (var window in Windows.Select(window => (long?)(at + (long)window.TotalMilliseconds)).Append(null))
        {
            if (rest.All(range => range.IsEmpty))
                break;
            topics = Math.Max(topics, rest.Where(range => !range.IsEmpty).Select(range => range.Partition.Topic).Distinct().Count());
            var (here, end) = IsTired ? (null, null) : await FitAsync(rest, until, window, ct);
            if (here is null)
            {
                complete = false;
                break;
            }

            await foreach (var step in ReadAsync(here, ct))
                yield return step;
            rest = [.. rest.Zip(here, (left, read) => left with { From = Math.Max(left.From, read.Until) })];
            until = end ?? Math.Max(until, TimeNow);
            yield return new JourneyStep.Looked(topics, _records, from, DateTimeOffset.FromUnixTimeMilliseconds(until), Complete: false);
            if (end != window)
                (complete, rest) = (false, []);
        }

        until = complete ? Math.Max(until, TimeNow) : until;
        yield return new JourneyStep.Looked(topics, _records, from, DateTimeOffset.FromUnixTimeMilliseconds(until), complete);
    }

    /// <summary>The part of what is left that lies before the end of the window, which is shortened until few enough records lie in it; null if no window would be short enough.</summary>
    private async Task<(IReadOnlyList<PartitionRange>? Ranges, long? End)> FitAsync(IReadOnlyList<PartitionRange> rest, long start, long? end, CancellationToken ct)
    {
        while (true)
        {
            var here = end is { } time ? await BeforeAsync(rest, time, ct) : rest;
            if (_records + here.Sum(range => range.Count) <= MostRecords)
                return (here, end);
            var length = ((end ?? TimeNow) - start) / 4;
            if (length < ShortestWindow.TotalMilliseconds)
                return (null, end);
            end = start + length;
        }
    }

    private bool IsTired => time.GetElapsedTime(_started) > LongestSearch;

    private long TimeNow => time.GetUtcNow().ToUnixTimeMilliseconds();

    private async IAsyncEnumerable<JourneyStep> ReadAsync(IReadOnlyList<PartitionRange> ranges, [EnumeratorCancellation] CancellationToken ct)
    {
        if (ranges.All(range => range.IsEmpty))
            yield break;
        var sentBack = new HashSet<StoredPlace>();
        await foreach (var found in BlockingWork.StreamAsync<JourneyStep.Found>((events, abandoned) => Read(ranges, sentBack, events, abandoned, ct), CancellationToken.None))
            yield return found;
        ct.ThrowIfCancellationRequested();
        foreach (var place in sentBack)
        {
            if (_found.Add(place) && await new Browse(kafka, time, new BrowseRequest(place.Topic) { Partitions = [place.Partition] }).TryReadOneAsync(place.Offset, ct) is { } redriven)
                yield return Found(redriven, JourneyLink.Redrive);
        }
    }

    /// <summary>Reads everything in the ranges, which was bounded before.</summary>
    private void Read(IReadOnlyList<PartitionRange> ranges, HashSet<StoredPlace> sentBack, ChannelWriter<JourneyStep.Found> events, CancellationToken abandoned, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, abandoned);
        using var reader = new RecordReader(kafka, time, ReadAhead.Scan);
        var letters = new List<StoredPlace> { record.Place };
        reader.Begin(ranges);
        while (!reader.IsFinished && !stop.IsCancellationRequested)
        {
            if (!reader.TryRead(TimeSpan.FromMilliseconds(20), out var other))
                continue;
            _records++;
            if (JourneyLinks.Of(record, _trace, other) is { } link && _found.Add(other.Place))
            {
                letters.Add(other.Place);
                events.WriteAsync(Found(other, link), abandoned).AsTask().GetAwaiter().GetResult();
            }

            // A marker lies behind its letter, in the same partition.
            foreach (var place in letters.Select(letter => JourneyLinks.RedriveOf(letter, other)).OfType<StoredPlace>())
                sentBack.Add(place);
        }
    }

    private JourneyStep.Found Found(StoredRecord other, JourneyLink link) => new(other, link, other.Timestamp - record.Timestamp);

    /// <summary>All partitions that there are and whose leader answers; the brokers' own topics are none of it.</summary>
    private async Task<IReadOnlyList<PartitionRange>> BoundsAsync(CancellationToken ct)
    {
        var partitions = (await kafka.MetadataAsync(ct)).Topics.Where(topic => !topic.Topic.StartsWith("__", StringComparison.Ordinal))
            .SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition.PartitionId))).ToList();
        var starts = kafka.OffsetsAsync(partitions, OffsetSpec.Earliest(), ct);
        var ends = await kafka.OffsetsAsync(partitions, OffsetSpec.Latest(), IsolationLevel.ReadCommitted, ct);
        return [.. (await starts).Where(start => ends.GetValueOrDefault(start.Key) > start.Value).Select(start => new PartitionRange(start.Key, start.Value, ends[start.Key]))];
    }

    private async Task<IReadOnlyList<PartitionRange>> FromAsync(IReadOnlyList<PartitionRange> ranges, long at, CancellationToken ct)
    {
        var offsets = await StartOffset.AtTimeAsync(kafka, at, ranges, ct);
        return [.. ranges.Select(range => range with { From = Math.Max(range.From, offsets[range.Partition]) })];
    }

    private async Task<IReadOnlyList<PartitionRange>> BeforeAsync(IReadOnlyList<PartitionRange> ranges, long at, CancellationToken ct)
    {
        var offsets = await StartOffset.AtTimeAsync(kafka, at, ranges, ct);
        return [.. ranges.Select(range => range with { Until = Math.Max(range.From, Math.Min(range.Until, offsets[range.Partition])) })];
    }

    /// <summary>The newest records, so many in all: letters are asked for soon after they were written.</summary>
    private static IReadOnlyList<PartitionRange> Newest(IReadOnlyList<PartitionRange> ranges, long most)
    {
        var each = most / Math.Max(1, ranges.Count(range => !range.IsEmpty));
        return ranges.Sum(range => range.Count) <= most ? ranges : [.. ranges.Select(range => range with { From = Math.Max(range.From, range.Until - each) })];
    }
}
