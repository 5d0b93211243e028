using System.Buffers.Binary;

namespace Garam.Broker.Log;

/// <summary>
/// <c>.timeindex</c>: up to which offset no timestamp is greater. An entry is the greatest timestamp so far (int64) and the last offset of the batch that
/// brought it, relative to the segment's base (int32).
/// </summary>
internal sealed class TimeIndex(Disk disk, string path, long baseOffset) : SparseIndex(disk, path, EntrySize)
{
    public const int EntrySize = 12;

    /// <summary>Adds an entry when <paramref name="timestamp"/> is greater than all before it.</summary>
    public void Append(long timestamp, long offset)
    {
        if (Count > 0 && timestamp <= KeyAt(Count - 1))
        {
            return;
        }
        var entry = NewEntry();
        BinaryPrimitives.WriteInt64BigEndian(entry, timestamp);
        BinaryPrimitives.WriteInt32BigEndian(entry[8..], (int)(offset - baseOffset));
        Publish();
    }

    /// <summary>An offset before which no record is as late as <paramref name="timestamp"/>.</summary>
    public long OffsetBefore(long timestamp)
    {
        var index = Floor(timestamp - 1);
        return index < 0 ? baseOffset : OffsetAt(index);
    }

    /// <summary>The greatest timestamp with an entry and the last offset of its batch; null when there is no entry.</summary>
    public (long Timestamp, long Offset)? Last => Count == 0 ? null : (KeyAt(Count - 1), OffsetAt(Count - 1));

    /// <summary>How many entries point before <paramref name="offset"/>.</summary>
    public int CountBefore(long offset)
    {
        var entryCount = Count;
        while (entryCount > 0 && OffsetAt(entryCount - 1) >= offset)
        {
            entryCount--;
        }
        return entryCount;
    }

    protected override long KeyAt(int index) => BinaryPrimitives.ReadInt64BigEndian(Entry(index));

    protected override bool IsPlausible(int index, int segmentSize) => OffsetAt(index) >= baseOffset;

    private long OffsetAt(int index) => baseOffset + BinaryPrimitives.ReadInt32BigEndian(Entry(index)[8..]);
}
