using System.Globalization;

namespace Garam.Broker.Log;

/// <summary>
/// The names of the files in a partition's directory, ours and Kafka's: 20 digits and suffixes, or one of two fixed names. What has another name was
/// put there by someone else: it is left alone.
/// </summary>
internal static class PartitionFiles
{
    private const int OffsetDigits = 20;

    /// <summary>Whether the broker, or Kafka, writes files of this name.</summary>
    public static bool IsKnown(string path)
    {
        var name = Path.GetFileName(path.AsSpan());
        return TryParseOffset(path, out _) || name.StartsWith(PartitionMetadata.FileName) || name.StartsWith(LeaderEpochHistory.FileName);
    }

    /// <summary>Whether it is a segment that counts.</summary>
    public static bool IsSegment(string path, out long baseOffset) =>
        TryParseOffset(path, out baseOffset) && Path.GetFileName(path.AsSpan())[OffsetDigits..].SequenceEqual(LogSegment.LogExtension);

    /// <summary>The offset that a file is named by; false for a name that is not 20 digits and suffixes.</summary>
    public static bool TryParseOffset(string path, out long offset)
    {
        offset = -1;
        var name = Path.GetFileName(path.AsSpan());
        return name.Length > OffsetDigits && name[OffsetDigits] == '.'
            && long.TryParse(name[..OffsetDigits], NumberStyles.None, CultureInfo.InvariantCulture, out offset);
    }
}
