using System.Globalization;
using System.Text;

namespace Garam.Broker.Log;

/// <summary>
/// <c>leader-epoch-checkpoint</c>: which leader epoch began at which offset. An epoch ends where the next one begins, so that a consumer whose last epoch
/// ended before its position knows that the log was cut behind its back (KIP-320). Guarded by the partition's lock, except for lookups on a copy.
/// </summary>
internal sealed class LeaderEpochHistory
{
    public const string FileName = "leader-epoch-checkpoint";
    private const string Version = "0";
    private readonly record struct Entry(int Epoch, long StartOffset);

    private volatile Entry[] _entries = [];

    /// <summary>The newest epoch that has begun; -1 before the first.</summary>
    public int Latest => _entries is [.., var last] ? last.Epoch : -1;

    /// <summary>Begins <paramref name="epoch"/> at <paramref name="startOffset"/>, unless it or a newer one has begun; true when there is something to save.</summary>
    public bool Begin(int epoch, long startOffset)
    {
        if (epoch <= Latest)
        {
            return false;
        }
        // an epoch that nothing was written in has no extent: its successor takes its place
        var kept = _entries.TakeWhile(entry => entry.StartOffset < startOffset);
        _entries = [.. kept, new Entry(epoch, startOffset)];
        return true;
    }

    /// <summary>Forgets what began at or behind <paramref name="endOffset"/>, after the log was cut there.</summary>
    public void TruncateTo(long endOffset) => _entries = [.. _entries.Where(entry => entry.StartOffset < endOffset)];

    public EpochEndOffset EndOf(int epoch, long logEndOffset)
    {
        var known = _entries;
        if (epoch < 0 || known.Length == 0 || epoch > known[^1].Epoch)
        {
            return EpochEndOffset.Undefined;
        }
        if (epoch == known[^1].Epoch)
        {
            return new EpochEndOffset(epoch, logEndOffset);
        }
        var next = Array.FindIndex(known, entry => entry.Epoch > epoch);
        return new EpochEndOffset(next == 0 ? epoch : known[next - 1].Epoch, known[next].StartOffset);
    }

    /// <summary>The epoch that <paramref name="offset"/> belongs to; -1 when it is older than all that are known.</summary>
    public int EpochOf(long offset)
    {
        var known = _entries;
        var index = Array.FindLastIndex(known, entry => entry.StartOffset <= offset);
        return index < 0 ? -1 : known[index].Epoch;
    }

    public void Save(Disk disk, string directory)
    {
        var text = new StringBuilder().Append(Version).Append('\n').Append(CultureInfo.InvariantCulture, $"{_entries.Length}\n");
        foreach (var (epoch, startOffset) in _entries)
        {
            text.Append(CultureInfo.InvariantCulture, $"{epoch} {startOffset}\n");
        }
        disk.Replace(Path.Combine(directory, FileName), Encoding.ASCII.GetBytes(text.ToString()), sync: true);
    }

    /// <summary>Reads the file; a missing or damaged one counts as empty, because the batches in the log carry their epochs too.</summary>
    public static LeaderEpochHistory Load(Disk disk, string directory)
    {
        var epochs = new LeaderEpochHistory();
        if (disk.ReadLines(Path.Combine(directory, FileName)) is not [Version, _, .. var lines])
        {
            return epochs;
        }
        foreach (var line in lines)
        {
            if (line.Split(' ') is not [var epoch, var start] || !int.TryParse(epoch, CultureInfo.InvariantCulture, out var number)
                || !long.TryParse(start, CultureInfo.InvariantCulture, out var offset) || !epochs.Begin(number, offset))
            {
                return new LeaderEpochHistory();
            }
        }
        return epochs;
    }
}
