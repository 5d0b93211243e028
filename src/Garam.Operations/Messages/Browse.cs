using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Garam.Operations.Connections;

namespace Garam.Operations.Messages;

/// <summary>One browse: the plan first, then a scan on a thread of its own.</summary>
internal sealed class Browse(KafkaConnection kafka, TimeProvider time, BrowseRequest request)
{
    public async IAsyncEnumerable<BrowseEvent> RunAsync([EnumeratorCancellation] CancellationToken ct)
    {
        if (request.Limit <= 0)
            throw new OperationException(FailureKind.Invalid, $"a limit of {request.Limit} shows nothing: ask for 1 or more, or for no limit.");
        if (await PlanAsync(ct) is not { } plan)
        {
            yield return new BrowseEvent.Done(BrowseEnd.Stopped, Older: null, Newer: null);
            yield break;
        }

        // Nothing to read: no client is opened for it.
        if (plan.Total == 0)
        {
            yield return new BrowseEvent.Progress(0, 0, 0, 0, 0, TimeSpan.Zero);
            yield return Cursors(BrowseEnd.Everything, plan, plan.Ranges);
            yield break;
        }

        await foreach (var next in BlockingWork.StreamAsync<BrowseEvent>(kafka.Background, (events, abandoned) => Scan(plan, events, abandoned, ct), CancellationToken.None))
            yield return next;
    }

    public async Task<StoredRecord?> ReadOneAsync(long offset, CancellationToken ct)
    {
        var plan = await BrowsePlan.MakeAsync(kafka, request, ct);
        var range = plan.Bounds.Single();
        if (offset < range.From || offset >= range.Until)
            return null;
        return await BlockingWork.OnThreadAsync(kafka.Background, () => ReadOne(range with { From = offset, Until = offset + 1 }, ct));
    }

    /// <summary>The same where a header named the place: the topic may be gone, or never have been.</summary>
    public async Task<StoredRecord?> TryReadOneAsync(long offset, CancellationToken ct)
    {
        try
        {
            return await ReadOneAsync(offset, ct);
        }
        catch (OperationException exception) when (exception.Kind is FailureKind.NotFound or FailureKind.Invalid or FailureKind.Unauthorized)
        {
            return null;
        }
    }

    private async Task<BrowsePlan?> PlanAsync(CancellationToken ct)
    {
        try
        {
            return await BrowsePlan.MakeAsync(kafka, request, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return null;
        }
    }

    private void Scan(BrowsePlan plan, ChannelWriter<BrowseEvent> events, CancellationToken abandoned, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, abandoned);
        var output = new BrowseOutput(events, plan.Total, time, abandoned);
        var streamed = plan.Order is BrowseOrder.Oldest && request.Limit is null;
        using var reader = new RecordReader(kafka, time, streamed ? ReadAhead.Scan : request.Query is null ? ReadAhead.Pages : ReadAhead.Search(plan.Ranges.Count(range => !range.IsEmpty)));
        Scan scan = streamed
            ? new StreamedScan(reader, output, plan, request.Query)
            : new MergedScan(reader, output, plan, request.Query, request.Limit ?? int.MaxValue);
        var why = scan.Run(stop.Token);
        output.Finish(Cursors(why, plan, scan.Remaining));
    }

    private StoredRecord? ReadOne(PartitionRange range, CancellationToken ct)
    {
        using var reader = new RecordReader(kafka, time, ReadAhead.Pages);
        reader.Begin([range]);
        while (!reader.IsFinished)
        {
            ct.ThrowIfCancellationRequested();
            if (reader.TryRead(TimeSpan.FromMilliseconds(20), out var record))
                return record;
        }

        return null;
    }

    /// <summary>The way on is what remains; the way back is where it began.</summary>
    private static BrowseEvent.Done Cursors(BrowseEnd why, BrowsePlan plan, IEnumerable<PartitionRange> remaining)
    {
        var older = (plan.Order is BrowseOrder.Newest ? remaining : plan.Ranges.Zip(plan.Bounds, (range, bounds) => bounds with { Until = range.From })).Where(range => !range.IsEmpty).ToList();
        var newer = plan.Order is BrowseOrder.Oldest ? remaining.Select(range => (range.Partition, range.From)) : plan.Ranges.Select(range => (range.Partition, From: range.Until));
        return new BrowseEvent.Done(
            why,
            older.Count == 0 ? null : Cursor.Older(older.ToDictionary(range => range.Partition, range => range.Until)),
            Cursor.Newer(newer.ToDictionary(place => place.Partition, place => place.From)));
    }
}
