using System.Buffers.Binary;
using Garam.Broker.Resources;
using Garam.Kafka;

namespace Garam.Broker.Network;

/// <summary>
/// The bytes received from one client, cut into frames.
/// <code>
///     start                      end            capacity
///       v                         v                 v
///   ....[int32 size][ frame ][int32 size][ fra......
///        taken in place: a frame is a slice           free: the next receive goes here
/// </code>
/// It grows as bytes arrive, never to what a size field claims: a client must send 10 MB to make it hold 10 MB. Between frames it holds nothing.
/// </summary>
internal sealed class FrameBuffer(int maxFrameBytes) : IDisposable
{
    private const int SizeBytes = 4;
    private const int InitialCapacity = 8 * 1024;
    // Doubling would copy a large frame once over while it arrives; growing eightfold copies a seventh of it.
    private const int Growth = 8;
    // A client that has sent large frames is expected to go on like that, up to this.
    private const int LargestFirstCapacity = 1024 * 1024;

    private byte[] _buffer = [];
    private int _firstCapacity = InitialCapacity;
    private int _start;
    private int _end;

    /// <summary>True between frames: a client that leaves now leaves nothing half said.</summary>
    public bool IsEmpty => _start == _end;

    /// <summary>Room for the next receive; never empty. What was taken before must not be used any more.</summary>
    public Memory<byte> Free()
    {
        if (IsEmpty) _start = _end = 0;
        if (_buffer.Length == 0) _buffer = BufferPool.Rent(_firstCapacity);
        if (_end == _buffer.Length || !FitsBehind(Needed())) MakeRoom(Needed());
        return _buffer.AsMemory(_end);
    }

    /// <summary>Says how many bytes were received into <see cref="Free"/>.</summary>
    public void Received(int count) => _end += count;

    /// <summary>Takes the next whole frame, without its size. It stays valid until <see cref="Free"/> or <see cref="Rest"/> is called.</summary>
    /// <exception cref="MalformedFrameException">The size is negative or above the limit.</exception>
    public bool TryTake(out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        if (_end - _start < SizeBytes) return false;
        var size = NextSize();
        if (_end - _start - SizeBytes < size) return false;
        frame = _buffer.AsMemory(_start + SizeBytes, size);
        _start += SizeBytes + size;
        return true;
    }

    /// <summary>Gives the memory back while there is nothing in it: a client that says nothing costs none.</summary>
    public void Rest()
    {
        if (IsEmpty) Dispose();
    }

    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        _start = _end = 0;
        if (buffer.Length == 0) return;
        _firstCapacity = Math.Min(buffer.Length, LargestFirstCapacity);
        BufferPool.Return(buffer);
    }

    private int NextSize()
    {
        var size = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start));
        if (size < 0 || size > maxFrameBytes)
            throw new MalformedFrameException($"A frame says that it has {size} bytes; between 0 and {maxFrameBytes} are accepted (socket.request.max.bytes). Another protocol on this port?");
        return size;
    }

    /// <summary>Bytes from the start to the end of the frame that is arriving.</summary>
    private int Needed() => _end - _start < SizeBytes ? SizeBytes : SizeBytes + NextSize();

    private bool FitsBehind(int needed) => _buffer.Length - _start >= needed;

    private void MakeRoom(int needed)
    {
        var held = _end - _start;
        if (held == _buffer.Length) Replace((int)Math.Min(needed, (long)_buffer.Length * Growth));
        else if (_start > 0) Move(_buffer);
    }

    private void Replace(int capacity)
    {
        var old = _buffer;
        Move(BufferPool.Rent(capacity));
        BufferPool.Return(old);
    }

    private void Move(byte[] target)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(target);
        _end -= _start;
        _start = 0;
        _buffer = target;
    }
}
