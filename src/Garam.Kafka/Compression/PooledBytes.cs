using System.Buffers;

namespace Garam.Kafka.Compression;

/// <summary>Bytes that grow in a pooled buffer, up to a limit. Disposed once, by whoever asked for them.</summary>
public sealed class PooledBytes : IDisposable, IBufferWriter<byte>
{
    private const int Smallest = 4096;

    private readonly int _limit;
    private byte[] _buffer;
    private int _length;

    /// <param name="capacity">A guess of what is to come.</param>
    /// <param name="limit">The most that is taken.</param>
    internal PooledBytes(int capacity, int limit)
    {
        _limit = limit;
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(capacity, Smallest));
    }

    /// <summary>What is there; gone at the next change.</summary>
    public Span<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>At least one byte to write to, before <see cref="Advance"/>.</summary>
    internal Span<byte> Free => _buffer.AsSpan(_length);

    /// <exception cref="InvalidDataException">That is more than the limit.</exception>
    internal void Advance(int written)
    {
        _length += written;
        if (_length > _limit)
        {
            throw new InvalidDataException($"more than {_limit} bytes");
        }
        if (_length == _buffer.Length)
        {
            Grow(_length + 1);
        }
    }

    /// <summary>Room for <paramref name="count"/> bytes, which the caller knows to be there.</summary>
    /// <exception cref="InvalidDataException">They are more than the limit.</exception>
    internal Span<byte> Append(int count)
    {
        if (count > _limit - _length)
        {
            throw new InvalidDataException($"more than {_limit} bytes");
        }
        if (_buffer.Length - _length <= count)
        {
            Grow(_length + count + 1);
        }
        var added = _buffer.AsSpan(_length, count);
        _length += count;
        return added;
    }

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint) => ((IBufferWriter<byte>)this).GetMemory(sizeHint).Span;

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint)
    {
        if (sizeHint > _buffer.Length - _length)
        {
            Grow(_length + sizeHint);
        }
        return _buffer.AsMemory(_length);
    }

    void IBufferWriter<byte>.Advance(int count) => Advance(count);

    /// <summary>Cuts the end off.</summary>
    internal void Shorten(int newLength) => _length = newLength;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    private void Grow(int atLeast)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(atLeast, (int)Math.Min((long)_buffer.Length * 2, Array.MaxLength)));
        Bytes.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
