using System.Globalization;
using System.Text;

namespace Garam.Broker.Log;

/// <summary>
/// A small text file with one offset per partition, replaced as a whole: version, number of entries, then <c>topic partition offset</c> lines.
/// </summary>
internal sealed class OffsetCheckpoint(string dataDirectory, string fileName)
{
    /// <summary>Everything below is on stable storage, with its index entries.</summary>
    public const string RecoveryPoints = "recovery-point-offset-checkpoint";

    /// <summary>First readable offset, where it is inside of a segment.</summary>
    public const string LogStarts = "log-start-offset-checkpoint";

    /// <summary>Everything below has been compacted.</summary>
    public const string Cleaned = "cleaner-offset-checkpoint";

    private const string Version = "0";
    private readonly string _path = Path.Combine(dataDirectory, fileName);
    private string _saved = "";

    /// <summary>Writes the file, durably, unless it says the same already.</summary>
    public void Save(IReadOnlyCollection<KeyValuePair<TopicPartition, long>> offsets)
    {
        var text = new StringBuilder().Append(Version).Append('\n').Append(CultureInfo.InvariantCulture, $"{offsets.Count}\n");
        foreach (var (name, offset) in offsets)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name.Topic} {name.Partition} {offset}\n");
        }
        var content = text.ToString();
        if (content == _saved)
        {
            return;
        }
        LogDirectory.Replace(_path, Encoding.ASCII.GetBytes(content), sync: true);
        _saved = content;
    }

    /// <summary>Reads the file. A missing or damaged one counts as empty: each of these offsets only saves work, or is found in the log.</summary>
    public Dictionary<TopicPartition, long> Load()
    {
        var offsets = new Dictionary<TopicPartition, long>();
        if (!File.Exists(_path) || File.ReadAllLines(_path) is not [Version, _, .. var lines])
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
        return offsets;
    }
}
