using Garam.Kafka.Records;

namespace Garam.Broker.Log;

/// <summary>Walks the batches of a segment through a buffer of the caller's: headers alone, or whole batches where they are asked for.</summary>
internal ref struct SegmentScanner
{
    private readonly LogFile file;
    private readonly long end;
    private Span<byte> buffer;
    private long windowStart;
    private int windowLength;
    private long next;

    public SegmentScanner(LogFile file, long start, long end, Span<byte> buffer)
    {
        this.file = file;
        this.end = end;
        this.buffer = buffer;
        next = start;
    }

    public RecordBatchHeader Header { get; private set; }

    /// <summary>Where the batch of <see cref="Header"/> begins.</summary>
    public long Position { get; private set; }

    /// <summary>Where the next batch begins: after a stop, the end of the last one that looked whole.</summary>
    public readonly long Next => next;

    /// <summary>Moves to the next batch; false at the end, and at bytes that are no whole batch (then <see cref="Next"/> is short of the end).</summary>
    public bool MoveNext()
    {
        if (end - next < RecordBatchHeader.Size || !Fill(next, RecordBatchHeader.Size))
        {
            return false;
        }
        var header = RecordBatchHeader.Read(Window(next, RecordBatchHeader.Size));
        if (header.Magic != 2 || header.SizeInBytes < RecordBatchHeader.Size || header.SizeInBytes > end - next)
        {
            return false;
        }
        Header = header;
        Position = next;
        next += header.SizeInBytes;
        return true;
    }

    /// <summary>The whole batch of <see cref="Header"/>; false when the file is shorter than it was said to be.</summary>
    public bool TryReadBatch(out RecordBatch batch)
    {
        batch = default;
        return Fill(Position, (int)Header.SizeInBytes) && RecordBatch.TryRead(Window(Position, (int)Header.SizeInBytes), out batch);
    }

    private bool Fill(long position, int length)
    {
        if (position >= windowStart && position + length <= windowStart + windowLength)
        {
            return true;
        }
        if (buffer.Length < length)
        {
            buffer = new byte[length];
        }
        windowStart = position;
        windowLength = file.Read(buffer[..(int)Math.Min(buffer.Length, end - position)], position);
        return windowLength >= length;
    }

    private readonly ReadOnlySpan<byte> Window(long position, int length) => buffer.Slice((int)(position - windowStart), length);
}
