using System.Globalization;
using System.Text;

namespace Garam.Broker.Log;

/// <summary>
/// A small text file with one offset per partition, replaced as a whole: version, number of entries, then <c>topic partition offset</c> lines.
/// </summary>
internal sealed class OffsetCheckpoint(Disk disk, string dataDirectory, string fileName)
{
    /// <summary>Everything below is on stable storage, with its index entries.</summary>
    public const string RecoveryPoints = "recovery-point-offset-checkpoint";

    /// <summary>First readable offset, where it is inside of a segment.</summary>
    public const string LogStarts = "log-start-offset-checkpoint";

    /// <summary>Everything below has been compacted.</summary>
    public const string Cleaned = "cleaner-offset-checkpoint";

    private const string Version = "0";
    private readonly string _path = Path.Combine(dataDirectory, fileName);
    private volatile IReadOnlyDictionary<TopicPartition, long> _saved = new Dictionary<TopicPartition, long>();

    /// <summary>The file has an entry for <paramref name="partition"/>.</summary>
    public bool Mentions(TopicPartition partition) => _saved.ContainsKey(partition);

    /// <summary>Writes the file, durably, unless it says the same already.</summary>
    public void Save(IReadOnlyDictionary<TopicPartition, long> offsets)
    {
        if (offsets.Count == _saved.Count && offsets.All(entry => _saved.TryGetValue(entry.Key, out var offset) && offset == entry.Value))
        {
            return;
        }
        var text = new StringBuilder().Append(Version).Append('\n').Append(CultureInfo.InvariantCulture, $"{offsets.Count}\n");
        foreach (var (name, offset) in offsets)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name.Topic} {name.Partition} {offset}\n");
        }
        disk.Replace(_path, Encoding.ASCII.GetBytes(text.ToString()), sync: true);
        _saved = offsets;
    }

    /// <summary>Reads the file. A missing or damaged one counts as empty: each of these offsets only saves work, or is found in the log.</summary>
    public Dictionary<TopicPartition, long> Load()
    {
        var offsets = new Dictionary<TopicPartition, long>();
        if (disk.ReadLines(_path) is not [Version, _, .. var lines])
        {
            return offsets;
        }
        foreach (var line in lines)
        {
            if (line.Split(' ') is [var topic, var partition, var offset] && int.TryParse(partition, CultureInfo.InvariantCulture, out var number)
                && long.TryParse(offset, CultureInfo.InvariantCulture, out var value) && value >= 0)
            {
                offsets[new TopicPartition(topic, number)] = value;
            }
        }
        _saved = offsets;
        return offsets;
    }
}
