using System.Globalization;
using System.Text.Json;
using Garam.Broker.Log;
using Garam.Kafka;
using Garam.Kafka.Records;

namespace Garam.Broker.Checking;

/// <summary>Reads the segments of one partition directory, every batch and every record.</summary>
/// <param name="directory">The partition's.</param>
/// <param name="kind">For the result.</param>
/// <param name="read">Also gets every record; what it cannot read is a fault. Null: records are only decoded.</param>
internal sealed class PartitionReader(string directory, PartitionKind kind, PartitionReader.RecordAction? read)
{
    private const int MostFaults = 100;
    private readonly List<string> _faults = [];
    private long _batches, _records, _bytes;
    private long? _first, _end;

    internal delegate void RecordAction(in Record record);

    public PartitionCheck Read(CancellationToken cancellationToken)
    {
        var segments = Directory.GetFiles(directory, "*" + LogSegment.LogExtension)
            .Select(path => (Path: path, IsNamed: long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var offset), Offset: offset))
            .Where(segment => segment.IsNamed).OrderBy(segment => segment.Offset).ToList();
        foreach (var (path, _, offset) in segments)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadSegment(path, offset);
        }
        return new PartitionCheck(Path.GetFileName(directory), kind, segments.Count, _batches, _records, _bytes, _first, _end, _faults);
    }

    private void ReadSegment(string path, long offset)
    {
        using var file = new LogFile(Disk.OfSystem, path);
        var size = file.Length;
        _bytes += size;
        var walk = new BatchWalk(file, size, offset);
        while (walk.MoveNext())
        {
            if (walk.IsDamage)
            {
                Fault(Damage(path, walk));
                continue;
            }
            var header = walk.Batch.Header;
            if (header.BaseOffset < _end)
            {
                Fault($"{Place(path, walk)}: the batch begins at offset {header.BaseOffset}, after a batch that ends at {_end - 1}");
            }
            (_first, _end) = (_first ?? header.BaseOffset, header.NextOffset);
            _batches++;
            ReadRecords(walk.Batch, Place(path, walk));
        }
    }

    private static string Place(string path, BatchWalk walk) => string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(path)}, byte {walk.Range.Position}");

    private static string Damage(string path, BatchWalk walk)
    {
        if (walk.Mismatched is not { } batch)
        {
            return $"{Place(path, walk)}: {walk.Range.Length} bytes are not whole batches (offset {walk.NextOffset} and later)";
        }
        var more = walk.Range.Length - batch.SizeInBytes;
        return $"{Place(path, walk)}: the checksum of the batch at offset {batch.BaseOffset} ({batch.SizeInBytes} bytes) does not match its bytes"
            + (more > 0 ? $", and {more} bytes after it are not whole batches" : "");
    }

    private void ReadRecords(RecordBatch batch, string place)
    {
        var compression = batch.Header.Attributes.Compression;
        try
        {
            using var decompressed = compression == CompressionType.None ? null : RecordCompression.Decompress(batch);
            var records = decompressed is null ? batch.ReadRecords() : batch.ReadRecords(decompressed.Bytes);
            while (records.TryRead(out var record))
            {
                _records++;
                if (!batch.Header.Attributes.IsControl)
                {
                    read?.Invoke(record);
                }
            }
            if (!records.IsComplete)
            {
                Fault($"{place}: the batch at offset {batch.Header.BaseOffset} holds malformed records");
            }
        }
        catch (Exception failure) when (failure is MalformedFrameException or JsonException or InvalidDataException)
        {
            Fault($"{place}: the batch at offset {batch.Header.BaseOffset} cannot be read: {failure.Message}");
        }
    }

    private void Fault(string what)
    {
        if (_faults.Count < MostFaults)
        {
            _faults.Add(what);
        }
        else if (_faults.Count == MostFaults)
        {
            _faults.Add("there are more");
        }
    }
}
