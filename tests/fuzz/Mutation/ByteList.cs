namespace Garam.Fuzz.Mutation;

/// <summary>Bytes that grow, in one buffer that is used again and again.</summary>
internal sealed class ByteList
{
    private byte[] _buffer = new byte[4096];

    public int Length { get; private set; }

    public Span<byte> Span => _buffer.AsSpan(0, Length);

    public Memory<byte> Memory => _buffer.AsMemory(0, Length);

    public void Set(ReadOnlySpan<byte> bytes)
    {
        Length = 0;
        bytes.CopyTo(Insert(0, bytes.Length));
    }

    public void Shorten(int length) => Length = length;

    /// <summary>Makes room for <paramref name="count"/> bytes; what was behind moves back.</summary>
    public Span<byte> Insert(int at, int count)
    {
        if (Length + count > _buffer.Length) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + count));
        _buffer.AsSpan(at, Length - at).CopyTo(_buffer.AsSpan(at + count));
        Length += count;
        return _buffer.AsSpan(at, count);
    }

    public void Remove(int at, int count)
    {
        _buffer.AsSpan((at + count)..Length).CopyTo(_buffer.AsSpan(at));
        Length -= count;
    }
}
