using System.Buffers.Text;
using System.Text;

namespace Garam.Broker.Log;

/// <summary><c>partition.metadata</c>: the id of the topic that a directory belongs to, so that files of a deleted topic never pass for those of a new one of its name.</summary>
internal static class PartitionMetadata
{
    public const string FileName = "partition.metadata";
    private const string IdPrefix = "topic_id: ";

    public static void Save(Disk disk, string directory, Guid topicId)
    {
        Span<byte> id = stackalloc byte[16];
        topicId.TryWriteBytes(id, bigEndian: true, out _);
        disk.Replace(Path.Combine(directory, FileName), Encoding.ASCII.GetBytes($"version: 0\n{IdPrefix}{Base64Url.EncodeToString(id)}\n"), sync: false);
    }

    /// <summary>The id of the topic; empty when the file is missing or damaged.</summary>
    public static Guid Load(Disk disk, string directory)
    {
        Span<byte> id = stackalloc byte[16];
        return Array.Find(disk.ReadLines(Path.Combine(directory, FileName)), line => line.StartsWith(IdPrefix, StringComparison.Ordinal)) is { } line
            && Base64Url.TryDecodeFromChars(line.AsSpan(IdPrefix.Length).Trim(), id, out var length) && length == id.Length
                ? new Guid(id, bigEndian: true)
                : Guid.Empty;
    }
}
