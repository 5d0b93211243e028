namespace Garam.Kafka.Records;

/// <summary>Walks the records of one batch. Nothing is allocated; every length is checked against the bytes that are there.</summary>
/// <remarks>
/// <code>
/// length  attributes  timestamp delta  offset delta  key length  key  value length  value  header count  { name length name value length value }*
/// varint  int8        varint           varint        varint      ...  varint        ...    varint          varint      ...  varint       ...
/// </code>
/// </remarks>
public ref struct RecordReader
{
    private readonly RecordBatchHeader _header;
    private readonly ReadOnlySpan<byte> _payload;
    private int _position;
    private int _taken;

    internal RecordReader(RecordBatchHeader header, ReadOnlySpan<byte> payload)
    {
        this._header = header;
        this._payload = payload;
    }

    /// <summary>A record was not what its batch promised; <see cref="TryRead"/> has stopped before it.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>All records that the batch promised were read, and nothing is left behind them.</summary>
    public readonly bool IsComplete => !IsMalformed && _taken == _header.RecordCount && _position == _payload.Length;

    /// <summary>The next record; false after the last one, and at a malformed one.</summary>
    public bool TryRead(out Record record)
    {
        record = default;
        if (IsMalformed || _taken >= _header.RecordCount)
        {
            return false;
        }
        IsMalformed = !TryReadNext(out record);
        _taken++;
        return !IsMalformed;
    }

    private bool TryReadNext(out Record record)
    {
        record = default;
        if (!Varint.TryRead(_payload, ref _position, out int length) || length < 0 || length > _payload.Length - _position)
        {
            return false;
        }
        var body = _payload.Slice(_position, length);
        _position += length;
        var at = 1; // the attributes of a record are unused
        if (!Varint.TryRead(body, ref at, out long timestampDelta) || !Varint.TryRead(body, ref at, out int offsetDelta)
            || !TryReadBytes(body, ref at, out var key, out var hasKey) || !TryReadBytes(body, ref at, out var value, out var hasValue)
            || !Varint.TryRead(body, ref at, out int headerCount) || !HasHeaders(body[at..], headerCount))
        {
            return false;
        }
        record = new Record
        {
            Offset = _header.BaseOffset + offsetDelta,
            Timestamp = _header.Attributes.TimestampType == TimestampType.LogAppendTime ? _header.MaxTimestamp : _header.BaseTimestamp + timestampDelta,
            Key = key,
            Value = value,
            HasKey = hasKey,
            HasValue = hasValue,
            HeaderCount = headerCount,
            EncodedHeaders = body[at..],
        };
        return true;
    }

    private static bool TryReadBytes(ReadOnlySpan<byte> body, scoped ref int at, out ReadOnlySpan<byte> bytes, out bool present)
    {
        bytes = default;
        present = false;
        if (!Varint.TryRead(body, ref at, out int length) || length < -1 || length > body.Length - at)
        {
            return false;
        }
        present = length >= 0;
        if (present)
        {
            bytes = body.Slice(at, length);
            at += length;
        }
        return true;
    }

    /// <summary>True when exactly <paramref name="count"/> headers fill <paramref name="encoded"/>. A header's name is never null.</summary>
    private static bool HasHeaders(ReadOnlySpan<byte> encoded, int count)
    {
        if (count < 0 || count > encoded.Length)
        {
            return false;
        }
        var at = 0;
        for (; count > 0; count--)
        {
            if (!TryReadBytes(encoded, ref at, out _, out var hasName) || !hasName || !TryReadBytes(encoded, ref at, out _, out _))
            {
                return false;
            }
        }
        return at == encoded.Length;
    }
}
