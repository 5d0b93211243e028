using System.Diagnostics.CodeAnalysis;

namespace Garam.Broker.Log;

/// <summary>The newest offset of every key in a part of a log. Keys are compared byte by byte: a hash that two keys share would lose a record.</summary>
internal sealed class KeyOffsets(long memoryLimit)
{
    private const int OverheadPerKey = 80;
    private readonly Dictionary<byte[], long> _offsets = new(new KeyComparer());
    private long _memory;

    public bool IsFull => _memory >= memoryLimit;

    public void Set(ReadOnlySpan<byte> key, long offset)
    {
        var lookup = _offsets.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!lookup.ContainsKey(key))
        {
            _memory += key.Length + OverheadPerKey;
        }
        lookup[key] = offset;
    }

    /// <summary>True when a newer record of <paramref name="key"/> is known.</summary>
    public bool IsSuperseded(ReadOnlySpan<byte> key, long offset) =>
        _offsets.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var newest) && newest > offset;

    private sealed class KeyComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());
    }
}
