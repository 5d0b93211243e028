using Garam.Kafka.Records;

namespace Garam.Broker.Log;

/// <summary>Writes what is left of a group of neighbouring segments into one new segment.</summary>
/// <param name="log">The log of the segments.</param>
/// <param name="keys">The newest offsets of what is dirty and below <paramref name="end"/>.</param>
/// <param name="end">What is behind stays as it is, even in the same segment: older records of its keys are still there.</param>
/// <param name="now">Milliseconds since 1970.</param>
/// <param name="buffer">To read through.</param>
internal sealed class SegmentCompaction(PartitionLog log, KeyOffsets keys, long end, long now, byte[] buffer)
{
    private LogSegment _target = null!;
    private bool _changed;

    /// <summary>The new segment, under its <c>.cleaned</c> name; null when it would be the same as the old one.</summary>
    public LogSegment? Run(LogSegment[] group, CancellationToken cancellationToken)
    {
        _target = LogSegment.Create(log.Segments[0].File.Disk, log.DirectoryPath, group[0].BaseOffset, now, CompactionSwap.CleanedSuffix);
        _changed = group.Length > 1;
        try
        {
            for (var index = 0; index < group.Length; index++)
            {
                Copy(group[index], isLastOfGroup: index == group.Length - 1, cancellationToken);
            }
        }
        catch
        {
            _target.File.Delete();
            throw;
        }
        if (!_changed)
        {
            _target.File.Delete();
            return null;
        }
        _target.Seal();
        return _target;
    }

    private void Copy(LogSegment segment, bool isLastOfGroup, CancellationToken cancellationToken)
    {
        var scanner = segment.Scan(0, buffer);
        while (scanner.MoveNext())
        {
            log.ThrowIfClosed(cancellationToken);
            var header = scanner.Header;
            if (header.Attributes.IsControl || header.BaseOffset >= end)
            {
                CopyWhole(ref scanner);
                continue;
            }
            using var opened = LogCompactor.OpenBatch(log, ref scanner, out var records);
            var verdict = Look(header, records, out var kept);
            var mustStay = isLastOfGroup && scanner.Next == segment.Size || log.IsNewestOfProducer(header);
            if (verdict == Verdict.Same && (kept > 0 || mustStay))
            {
                CopyWhole(ref scanner);
            }
            else if (kept > 0 || mustStay)
            {
                // the last offset of a group, and the last sequence of a producer, live on in a batch without records
                Rewrite(header, records);
            }
            else
            {
                _changed = true;
            }
        }
        scanner.ThrowIfStopped();
    }

    private enum Verdict
    {
        Same,
        Changed,
    }

    private Verdict Look(in RecordBatchHeader header, RecordReader records, out int kept)
    {
        kept = 0;
        var verdict = Verdict.Same;
        while (records.TryRead(out var record))
        {
            if (!IsKept(record, header))
            {
                verdict = Verdict.Changed;
                continue;
            }
            kept++;
            if (!record.HasValue && !header.Attributes.HasDeleteHorizon)
            {
                verdict = Verdict.Changed; // its delete horizon is set now
            }
        }
        return verdict;
    }

    private bool IsKept(in Record record, in RecordBatchHeader header) =>
        record.HasKey && !keys.IsSuperseded(record.Key, record.Offset)
        && (record.HasValue || !header.Attributes.HasDeleteHorizon || header.BaseTimestamp >= now);

    private void CopyWhole(ref SegmentScanner scanner)
    {
        if (scanner.TryReadBatch(out var batch))
        {
            _target.Append(batch.Bytes, batch.Header, batch.Header.MaxTimestamp, log.Config.IndexIntervalBytes);
        }
    }

    private void Rewrite(in RecordBatchHeader header, RecordReader records)
    {
        _changed = true;
        var tombstones = false;
        for (var look = records; look.TryRead(out var record);)
        {
            tombstones |= !record.HasValue && IsKept(record, header);
        }
        var attributes = header.Attributes.With(CompressionType.None);
        var builder = new RecordBatchBuilder
        {
            BaseOffset = header.BaseOffset,
            Attributes = tombstones ? attributes.WithDeleteHorizon() : attributes,
            ProducerId = header.ProducerId,
            ProducerEpoch = header.ProducerEpoch,
            BaseSequence = header.BaseSequence,
        };
        if (tombstones || header.Attributes.HasDeleteHorizon)
        {
            builder.StartAt(header.Attributes.HasDeleteHorizon ? header.BaseTimestamp : now + log.Config.DeleteRetentionMs);
        }
        while (records.TryRead(out var record))
        {
            if (IsKept(record, header))
            {
                builder.Add(record);
            }
        }
        var batch = builder.Build(header.LastOffsetDelta);
        RecordBatch.Place(batch, header.BaseOffset, header.PartitionLeaderEpoch);
        AppendCompressed(batch, header.Attributes.Compression);
    }

    /// <summary>What is left goes back into the compression that it came in; a batch without records has none.</summary>
    private void AppendCompressed(Span<byte> bytes, CompressionType compression)
    {
        if (compression == CompressionType.None || !RecordBatch.TryRead(bytes, out var batch) || batch.Header.RecordCount == 0)
        {
            Append(bytes);
            return;
        }
        using var compressed = RecordCompression.Recompress(batch, compression);
        Append(compressed.Bytes);
    }

    private void Append(ReadOnlySpan<byte> batch)
    {
        var header = RecordBatchHeader.Read(batch);
        _target.Append(batch, header, header.MaxTimestamp, log.Config.IndexIntervalBytes);
    }
}
