using System.Buffers;

namespace Garam.Kafka.Compression;

/// <summary>Bytes that grow in a pooled buffer, up to a limit. Disposed once, by whoever asked for them.</summary>
public sealed class PooledBytes : IDisposable
{
    private const int Smallest = 4096;

    private readonly int limit;
    private byte[] buffer;
    private int length;

    /// <param name="capacity">A guess of what is to come.</param>
    /// <param name="limit">The most that is taken.</param>
    internal PooledBytes(int capacity, int limit)
    {
        this.limit = limit;
        buffer = ArrayPool<byte>.Shared.Rent(Math.Max(capacity, Smallest));
    }

    /// <summary>What is there; gone at the next change.</summary>
    public Span<byte> Bytes => buffer.AsSpan(0, length);

    /// <summary>At least one byte to write to, before <see cref="Advance"/>.</summary>
    internal Span<byte> Free => buffer.AsSpan(length);

    /// <exception cref="InvalidDataException">That is more than the limit.</exception>
    internal void Advance(int written)
    {
        length += written;
        if (length > limit)
        {
            throw new InvalidDataException($"more than {limit} bytes");
        }
        if (length == buffer.Length)
        {
            Grow(length + 1);
        }
    }

    /// <summary>Room for <paramref name="count"/> bytes, which the caller knows to be there.</summary>
    /// <exception cref="InvalidDataException">They are more than the limit.</exception>
    internal Span<byte> Append(int count)
    {
        if (count > limit - length)
        {
            throw new InvalidDataException($"more than {limit} bytes");
        }
        if (buffer.Length - length <= count)
        {
            Grow(length + count + 1);
        }
        var added = buffer.AsSpan(length, count);
        length += count;
        return added;
    }

    /// <summary>Cuts the end off.</summary>
    internal void Shorten(int newLength) => length = newLength;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        length = 0;
    }

    private void Grow(int atLeast)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(atLeast, (int)Math.Min((long)buffer.Length * 2, Array.MaxLength)));
        Bytes.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
