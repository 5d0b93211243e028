using System.Globalization;

namespace Garam.Broker.Log;

/// <summary>
/// Puts a compacted segment in the place of those it was made of, so that a crash at any moment leaves the old ones or the new one, never a mixture.
/// <code>
///  N.log.cleaned     being written; worthless after a crash
///  N.log.swap        whole and durable: from this rename on the new segment counts, and what is left of the old ones is in the way
///  N.log             the old ones are gone
/// </code>
/// </summary>
internal static class CompactionSwap
{
    public const string CleanedSuffix = ".cleaned", SwapSuffix = ".swap";

    /// <summary>Carries the swap through. The new segment holds a batch that ends where the last of the old ones ends.</summary>
    public static void Carry(string directory, LogSegment compacted, ReadOnlySpan<LogSegment> old)
    {
        var path = LogSegment.PathOf(directory, compacted.BaseOffset) + LogSegment.LogExtension;
        compacted.File.Sync();
        compacted.File.Rename(path + SwapSuffix);
        compacted.File.Disk.SyncDirectory(directory);
        foreach (var segment in old)
        {
            segment.MarkDeleted(); // oldest first: a tombstone must not go before what it deletes
        }
        compacted.File.Rename(path);
        compacted.WriteIndexes(compacted.IndexCounts, sync: false);
        compacted.File.Disk.SyncDirectory(directory);
    }

    /// <summary>After a crash: throws away what was not finished, and finishes what counted already.</summary>
    public static void Finish(Disk disk, string directory)
    {
        foreach (var cleaned in Named(CleanedSuffix))
        {
            disk.Delete(cleaned);
        }
        foreach (var swap in Named(SwapSuffix))
        {
            var path = swap[..^SwapSuffix.Length];
            var (first, end) = RangeOf(disk, swap);
            if (first == end)
            {
                continue; // not ours: compaction never leaves an empty segment
            }
            foreach (var old in disk.Files(directory, LogSegment.LogExtension))
            {
                if (PartitionFiles.TryParseOffset(old, out var offset) && offset >= first && offset < end)
                {
                    disk.Delete(old);
                    disk.Delete(Path.ChangeExtension(old, LogSegment.IndexExtension));
                    disk.Delete(Path.ChangeExtension(old, LogSegment.TimeIndexExtension));
                }
            }
            disk.Delete(Path.ChangeExtension(path, LogSegment.IndexExtension));
            disk.Delete(Path.ChangeExtension(path, LogSegment.TimeIndexExtension));
            disk.Move(swap, path);
        }

        IEnumerable<string> Named(string suffix) => disk.Files(directory, LogSegment.LogExtension + suffix).Where(path => PartitionFiles.TryParseOffset(path, out _));
    }

    private static (long First, long End) RangeOf(Disk disk, string swap)
    {
        var first = long.Parse(Path.GetFileName(swap).AsSpan(0, 20), CultureInfo.InvariantCulture);
        using var file = new LogFile(disk, swap);
        var scanner = new SegmentScanner(file, 0, file.Length, new byte[64 * 1024]);
        var end = first;
        while (scanner.MoveNext())
        {
            end = scanner.Header.NextOffset;
        }
        return (first, end);
    }
}
