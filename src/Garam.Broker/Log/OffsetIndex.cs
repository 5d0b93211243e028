using System.Buffers.Binary;

namespace Garam.Broker.Log;

/// <summary>
/// <c>.index</c>: where in the segment some of its batches are. An entry is the last offset of a batch, relative to the segment's base (int32), and
/// the position of the batch in the file (int32).
/// </summary>
internal sealed class OffsetIndex(Disk disk, string path, long baseOffset) : SparseIndex(disk, path, EntrySize)
{
    public const int EntrySize = 8;

    public void Append(long lastOffset, int position)
    {
        var entry = NewEntry();
        BinaryPrimitives.WriteInt32BigEndian(entry, (int)(lastOffset - baseOffset));
        BinaryPrimitives.WriteInt32BigEndian(entry[4..], position);
        Publish();
    }

    /// <summary>The last batch with an entry that ends at or before <paramref name="offset"/>: scan on from there; null to scan from the beginning.</summary>
    public (long LastOffset, int Position)? Before(long offset)
    {
        var index = Floor(offset - baseOffset);
        return index < 0 ? null : (baseOffset + KeyAt(index), PositionAt(index));
    }

    /// <summary>The greatest position with an entry that is not above <paramref name="position"/>; 0 when there is none.</summary>
    public int PositionAtOrBefore(long position)
    {
        var index = Count - 1;
        while (index >= 0 && PositionAt(index) > position)
        {
            index--;
        }
        return index < 0 ? 0 : PositionAt(index);
    }

    /// <summary>The last offset and the position of the last batch that has an entry; null when none has.</summary>
    public (long Offset, int Position)? Last => Count == 0 ? null : (baseOffset + KeyAt(Count - 1), PositionAt(Count - 1));

    /// <summary>How many entries are of batches that end before <paramref name="offset"/>.</summary>
    public int CountBefore(long offset) => Floor(offset - baseOffset - 1) + 1;

    protected override long KeyAt(int index) => BinaryPrimitives.ReadInt32BigEndian(Entry(index));

    protected override bool IsPlausible(int index, int segmentSize) => KeyAt(index) >= 0 && PositionAt(index) is var position && position > 0 && position < segmentSize;

    private int PositionAt(int index) => BinaryPrimitives.ReadInt32BigEndian(Entry(index)[4..]);
}
