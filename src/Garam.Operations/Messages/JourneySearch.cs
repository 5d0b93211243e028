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
/// Looks through other topics for records that belong to the journey of one. They mostly lie near it in time, so the search goes outward from its time, in
/// both directions, in windows that grow until everything has been read or there is too much of it. Where even the smallest window holds too many
/// records, the nearest of them are read.
/// <code>
///                      record
/// start … ──[─── 3 ───][─ 2 ─][─ 1 ●──][── 2 ──][──── 3 ────]── … end
/// dead letters keep the time of their record: their topics are read from there on
/// </code>
/// </summary>
internal sealed class JourneySearch(KafkaConnection kafka, TimeProvider time, StoredRecord record)
{
    private const long MaxRecords = 200_000;
    private static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SmallestGrowth = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LargestWindow = TimeSpan.FromDays(30);
    private static readonly TimeSpan?[] Windows = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromDays(1), null];

    private readonly string? _trace = TraceId.Of(record);
    private readonly HashSet<StoredPlace> _found = [record.Place];
    private readonly long _started = time.GetTimestamp();
    private long _records;
    private long _lettersLeft;

    public async IAsyncEnumerable<JourneyStep> RunAsync([EnumeratorCancellation] CancellationToken ct)
    {
        if (record.TimestampMs is not { } at)
        {
            yield return new JourneyStep.Looked(0, 0, From: null, Until: null, Complete: false);
            yield break;
        }

        var all = await BoundsAsync(ct);
        var letters = all.Where(range => DeadLetterNames.IsOne(range.Partition.Topic)).ToList();
        await foreach (var step in ReadLettersAsync(await FromAsync(letters, at - (long)Before.TotalMilliseconds, ct), ct))
            yield return step;
        var others = _trace is null ? [] : all.Where(range => !DeadLetterNames.IsOne(range.Partition.Topic)).ToList();
        await foreach (var step in SearchOutwardAsync(new JourneyArea(others, await StartOffset.AtTimeAsync(kafka, at, others, ct)), at, ct))
            yield return step;
    }

    // Letters are looked for soon after they were written, or lie near the time of their record.
    private async IAsyncEnumerable<JourneyStep> ReadLettersAsync(IReadOnlyList<PartitionRange> letters, [EnumeratorCancellation] CancellationToken ct)
    {
        var share = MaxRecords / 4 / Math.Max(1, letters.Count(range => !range.IsEmpty));
        IReadOnlyList<PartitionRange> nearest = [.. letters.Select(range => range with { Until = Math.Min(range.Until, range.From + share) })];
        IReadOnlyList<PartitionRange> newest = [.. letters.Zip(nearest, (range, near) => range with { From = Math.Max(near.Until, range.Until - share) })];
        _lettersLeft = letters.Sum(range => range.Count) - nearest.Sum(range => range.Count) - newest.Sum(range => range.Count);
        foreach (var ranges in new[] { nearest, newest })
        {
            await foreach (var step in ReadAsync(ranges, ct))
                yield return step;
        }
    }

    private async IAsyncEnumerable<JourneyStep> SearchOutwardAsync(JourneyArea area, long at, [EnumeratorCancellation] CancellationToken ct)
    {
        var (searched, limit) = (TimeSpan.Zero, JourneyLimit.None);
        foreach (var window in Windows.TakeWhile(_ => area.Left > 0 && limit is JourneyLimit.None))
        {
            if (time.GetElapsedTime(_started) > MaxDuration)
            {
                limit = JourneyLimit.Time;
                break;
            }

            var (growth, reached) = await FitAsync(area, at, searched, window, ct);
            foreach (var ranges in new[] { growth.After, growth.Before })
            {
                await foreach (var step in ReadAsync(ranges, ct))
                    yield return step;
            }

            area.Cover(growth);
            searched = reached ?? searched;
            limit = reached == window ? JourneyLimit.None : JourneyLimit.Records;
            yield return Looked(area, at, searched, limit) with { Complete = false };
        }

        yield return Looked(area, at, searched, limit);
    }

    private JourneyStep.Looked Looked(JourneyArea area, long at, TimeSpan searched, JourneyLimit limit)
    {
        var (center, left) = (DateTimeOffset.FromUnixTimeMilliseconds(at), area.Left + _lettersLeft);
        return new JourneyStep.Looked(area.Topics, _records, center - searched, center + searched, Complete: left == 0)
        {
            NotSearched = left,
            Limit = limit is JourneyLimit.None && _lettersLeft > 0 ? JourneyLimit.Records : limit,
            HasTrace = _trace is not null,
        };
    }

    /// <summary>What to read next and how wide the search then is: the window, or as much of it as holds few enough records, or the nearest records alone.</summary>
    private async Task<(JourneyGrowth Growth, TimeSpan? Reached)> FitAsync(JourneyArea area, long at, TimeSpan searched, TimeSpan? window, CancellationToken ct)
    {
        var width = window;
        while (true)
        {
            var growth = width is { } wide ? await WindowAsync(area, at, (long)wide.TotalMilliseconds, ct) : area.To(null, null);
            if (_records + growth.Count <= MaxRecords)
                return (growth, width);
            var smaller = searched + (((width ?? LargestWindow) - searched) / 4);
            if (smaller - searched < SmallestGrowth)
                return (area.Nearest(Math.Max(0, MaxRecords - _records)), searched);
            width = smaller;
        }
    }

    private async Task<JourneyGrowth> WindowAsync(JourneyArea area, long at, long milliseconds, CancellationToken ct) => area.To(
        await StartOffset.AtTimeAsync(kafka, at - milliseconds, area.All, ct), await StartOffset.AtTimeAsync(kafka, at + milliseconds, area.All, ct));

    private async IAsyncEnumerable<JourneyStep> ReadAsync(IReadOnlyList<PartitionRange> ranges, [EnumeratorCancellation] CancellationToken ct)
    {
        if (ranges.All(range => range.IsEmpty))
            yield break;
        var sentBack = new HashSet<StoredPlace>();
        await foreach (var found in BlockingWork.StreamAsync<JourneyStep.Found>(kafka.Background, (events, abandoned) => Read(ranges, sentBack, events, abandoned, ct), CancellationToken.None))
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

            // A marker comes after its letter, in the same partition.
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
}
