using Garam.Broker.Resources;

namespace Garam.Broker.Fetching;

/// <summary>The memory of one answer's records: pooled, filled from the front, given back when the answer has been sent.</summary>
internal sealed class FetchBuffer : IDisposable
{
    private const int ChunkBytes = 64 * 1024;

    private readonly List<byte[]> _chunks = [];
    private int _used;

    /// <summary>Room for at least <paramref name="size"/> bytes; what is not kept is given out again.</summary>
    public Memory<byte> Room(int size)
    {
        if (size == 0) return default;
        if (_chunks.Count == 0 || _chunks[^1].Length - _used < size)
        {
            _chunks.Add(BufferPool.Rent(Math.Max(size, ChunkBytes)));
            _used = 0;
        }
        return _chunks[^1].AsMemory(_used, size);
    }

    /// <summary>Keeps the first <paramref name="count"/> bytes of the last <see cref="Room"/>.</summary>
    public void Keep(int count) => _used += count;

    public void Dispose()
    {
        foreach (var chunk in _chunks) BufferPool.Return(chunk);
        _chunks.Clear();
    }
}
