using Garam.Kafka.Records;

namespace Garam.Broker.Log;

/// <summary>Walks the batches of a segment through a buffer of the caller's: headers alone, or whole batches where they are asked for.</summary>
internal ref struct SegmentScanner
{
    private readonly LogFile _file;
    private readonly long _end;
    private Span<byte> _buffer;
    private long _windowStart;
    private int _windowLength;
    private long _next;

    public SegmentScanner(LogFile file, long start, long end, Span<byte> buffer)
    {
        this._file = file;
        this._end = end;
        this._buffer = buffer;
        _next = start;
    }

    public RecordBatchHeader Header { get; private set; }

    /// <summary>Where the batch of <see cref="Header"/> begins.</summary>
    public long Position { get; private set; }

    /// <summary>Where the next batch begins: after a stop, the end of the last one that looked whole.</summary>
    public readonly long Next => _next;

    /// <summary>Moves to the next batch; false at the end, and at bytes that are no whole batch (then <see cref="Next"/> is short of the end).</summary>
    public bool MoveNext()
    {
        if (_end - _next < RecordBatchHeader.Size || !Fill(_next, RecordBatchHeader.Size))
        {
            return false;
        }
        var header = RecordBatchHeader.Read(Window(_next, RecordBatchHeader.Size));
        if (header.Magic != 2 || header.SizeInBytes < RecordBatchHeader.Size || header.SizeInBytes > _end - _next)
        {
            return false;
        }
        Header = header;
        Position = _next;
        _next += header.SizeInBytes;
        return true;
    }

    /// <summary>Called when <see cref="MoveNext"/> is false, where everything up to the end is known to have been whole once.</summary>
    /// <exception cref="InvalidDataException">There is no batch where one was: the disk has changed what it keeps.</exception>
    public readonly void ThrowIfStopped()
    {
        if (_next < _end)
        {
            throw new InvalidDataException($"'{_file.Path}' is damaged at position {_next}");
        }
    }

    /// <summary>The whole batch of <see cref="Header"/>; false when the file is shorter than it was said to be.</summary>
    public bool TryReadBatch(out RecordBatch batch)
    {
        batch = default;
        return Fill(Position, (int)Header.SizeInBytes) && RecordBatch.TryRead(Window(Position, (int)Header.SizeInBytes), out batch);
    }

    private bool Fill(long position, int length)
    {
        if (position >= _windowStart && position + length <= _windowStart + _windowLength)
        {
            return true;
        }
        if (_buffer.Length < length)
        {
            _buffer = new byte[length];
        }
        _windowStart = position;
        _windowLength = _file.Read(_buffer[..(int)Math.Min(_buffer.Length, _end - position)], position);
        return _windowLength >= length;
    }

    private readonly ReadOnlySpan<byte> Window(long position, int length) => _buffer.Slice((int)(position - _windowStart), length);
}
