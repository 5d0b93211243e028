using System.Buffers.Text;
using System.Text;

namespace Garam.Broker.Log;

/// <summary><c>partition.metadata</c>: the id of the topic that a directory belongs to, so that files of a deleted topic never pass for those of a new one of its name.</summary>
internal static class PartitionMetadata
{
    public const string FileName = "partition.metadata";
    private const string IdPrefix = "topic_id: ";

    public static void Save(string directory, Guid topicId)
    {
        Span<byte> id = stackalloc byte[16];
        topicId.TryWriteBytes(id, bigEndian: true, out _);
        LogDirectory.Replace(Path.Combine(directory, FileName), Encoding.ASCII.GetBytes($"version: 0\n{IdPrefix}{Base64Url.EncodeToString(id)}\n"), sync: false);
    }

    /// <summary>The id of the topic; empty when the file is missing or damaged.</summary>
    public static Guid Load(string directory)
    {
        var path = Path.Combine(directory, FileName);
        Span<byte> id = stackalloc byte[16];
        return File.Exists(path) && Array.Find(File.ReadAllLines(path), line => line.StartsWith(IdPrefix, StringComparison.Ordinal)) is { } line
            && Base64Url.TryDecodeFromChars(line.AsSpan(IdPrefix.Length).Trim(), id, out var length) && length == id.Length
                ? new Guid(id, bigEndian: true)
                : Guid.Empty;
    }
}
