using System.Runtime.CompilerServices;
using Garam.Messaging.Producing;
using Garam.Operations.Connections;
using Garam.Operations.Topics;

namespace Garam.Operations.Messages;

/// <summary>One copy: a browse whose rows are written again. Many are on their way at once; those of a partition stay in their order.</summary>
internal sealed class Copy(KafkaConnection kafka, TimeProvider time, Lazy<RecordWriter> writer, CopyRequest request)
{
    private const long MostBytesOnTheirWay = 32 * 1024 * 1024;
    private const int MostOnTheirWay = 10_000;

    private readonly Queue<(Task<StoredPlace> Written, int Bytes)> _onTheirWay = [];
    private long _bytesOnTheirWay;
    private long _matched;
    private long _written;
    private long _bytes;

    public async IAsyncEnumerable<CopyProgress> RunAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await CheckTargetAsync(ct);
        var (scanned, total) = (0L, 0L);
        await foreach (var next in new Browse(kafka, time, request.Source with { Order = BrowseOrder.Oldest }).RunAsync(ct))
        {
            switch (next)
            {
                case BrowseEvent.Rows rows:
                    foreach (var record in rows.Records)
                        await WriteAsync(record);
                    break;
                case BrowseEvent.Progress progress:
                    (scanned, total) = (progress.Scanned, progress.Total);
                    yield return new CopyProgress(scanned, total, _matched, _written, _bytes, Done: false);
                    break;
                default:
                    await WaitAsync(mostRecords: 0, mostBytes: 0);
                    yield return new CopyProgress(scanned, total, _matched, _written, _bytes, Done: true);
                    break;
            }
        }
    }

    private async Task CheckTargetAsync(CancellationToken ct)
    {
        kafka.EnsureMayChange(request.Target);
        var target = (await BrowsePlan.PartitionsAsync(kafka, [request.Target], ct)).Count;
        if (!request.KeepPartitions)
            return;
        var source = request.Source.Partitions is { Count: > 0 } asked ? asked.Max() + 1 : (await BrowsePlan.PartitionsAsync(kafka, [request.Source.Topic], ct)).Count;
        if (source > target)
            throw new OperationException(FailureKind.Invalid, $"topic {request.Target} has {Words.Count(target, "partition")}, and {source} are needed to keep those of {request.Source.Topic}: add partitions to it, or copy by key.");
    }

    private async Task WriteAsync(StoredRecord record)
    {
        var bytes = (record.Key?.Length ?? 0) + (record.Value?.Length ?? 0);
        _matched++;
        _bytes += bytes;
        if (request.DryRun)
            return;
        await WaitAsync(MostOnTheirWay - 1, Math.Max(0, MostBytesOnTheirWay - bytes));

        // Not cancelled with the rest: what is on its way arrives, and is counted.
        _onTheirWay.Enqueue((writer.Value.WriteAsync(CopyOf(record), CancellationToken.None), bytes));
        _bytesOnTheirWay += bytes;
    }

    private NewRecord CopyOf(StoredRecord record) => new(request.Target, record.Key, record.Value)
    {
        Headers = request.MarkOrigin ? [.. record.Headers, RecordHeader.Text(CopyRequest.OriginHeader, record.Place.ToHeader())] : record.Headers,
        Partition = request.KeepPartitions ? record.Partition : null,
        TimestampMs = request.KeepTimestamps ? record.TimestampMs : null,
    };

    /// <summary>Returns when no more than so many are on their way.</summary>
    private async Task WaitAsync(int mostRecords, long mostBytes)
    {
        while (_onTheirWay.Count > mostRecords || (_bytesOnTheirWay > mostBytes && _onTheirWay.Count > 0))
        {
            var (written, bytes) = _onTheirWay.Dequeue();
            _bytesOnTheirWay -= bytes;
            try
            {
                await written;
                _written++;
            }
            catch (OperationException exception)
            {
                throw new OperationException(exception.Kind, $"{exception.Message} {Words.Count(_written, "record was", "records were")} written before.", exception);
            }
        }
    }
}
