using System.Buffers.Binary;

namespace Garam.Broker.Log;

/// <summary>
/// Looks through a damaged segment whose batches once followed each other. A batch's checksum does not cover its base offset, but its neighbours tell what that was: a batch
/// that is whole, does not begin where the one before it ends, and would end where the next one begins if it did, has a changed base offset. Compaction leaves no such
/// order, because its gaps only grow.
/// <code>
/// | 0..19 | 148..167 | 40..59 |      148 was 20
/// </code>
/// </summary>
internal sealed class OffsetRepair(LogSegment segment)
{
    private long? _expected = segment.BaseOffset; // the end of the batch before this one; null behind damage
    private Suspect? _suspect;

    /// <summary>How many base offsets were restored.</summary>
    public int Restored { get; private set; }

    /// <summary>The end of the last batch that begins where the one before it ends: no offset below it may be given again.</summary>
    public long TrustedEnd { get; private set; } = segment.BaseOffset;

    /// <summary>Whether there is a batch with a valid checksum at or after <paramref name="position"/>.</summary>
    public static bool HoldsBatches(LogSegment segment, long position)
    {
        var walk = WalkFrom(segment, position);
        while (walk.MoveNext())
        {
            if (!walk.IsDamage)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Restores the base offsets that are certain, and syncs them.</summary>
    /// <param name="segment">Is not read by anybody else.</param>
    /// <param name="end">The offset after the last batch, if it is known.</param>
    public static OffsetRepair Run(LogSegment segment, long? end)
    {
        var repair = new OffsetRepair(segment);
        var walk = WalkFrom(segment, 0);
        while (walk.MoveNext())
        {
            if (walk.IsDamage)
            {
                repair._expected = null;
                repair._suspect = null;
            }
            else
            {
                var header = walk.Batch.Header;
                repair.Take(walk.Range.Position, header.BaseOffset, header.LastOffsetDelta + 1L);
            }
        }
        repair.RestoreIfEndIs(end);
        if (repair.Restored > 0)
        {
            segment.File.Sync();
        }
        return repair;
    }

    private static BatchWalk WalkFrom(LogSegment segment, long position) => new(segment.File, segment.Size, segment.BaseOffset, position) { TakesAnyOffset = true };

    private void Take(long position, long baseOffset, long offsets)
    {
        var isContinued = RestoreIfEndIs(baseOffset) || baseOffset == _expected;
        _suspect = isContinued || _expected is null ? null : new Suspect(position, _expected.Value, _expected.Value + offsets);
        _expected = baseOffset + offsets;
        TrustedEnd = isContinued ? _expected.Value : TrustedEnd;
    }

    private bool RestoreIfEndIs(long? end)
    {
        if (_suspect is not { } suspect || suspect.End != end)
        {
            return false;
        }
        Span<byte> offset = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(offset, suspect.BaseOffset);
        segment.File.Write(offset, suspect.Position);
        Restored++;
        TrustedEnd = suspect.End;
        return true;
    }

    /// <param name="Position">Of a batch that does not begin where the one before it ends.</param>
    /// <param name="BaseOffset">Where that one ends.</param>
    /// <param name="End">Its own end, if it began there.</param>
    private readonly record struct Suspect(long Position, long BaseOffset, long End);
}
