using System.Buffers.Text;
using System.Text;

namespace Garam.Broker.Log;

/// <summary><c>partition.metadata</c>: the id of the topic that a directory belongs to, so that files of a deleted topic never pass for those of a new one of its name.</summary>
internal static class PartitionMetadata
{
    public const string FileName = "partition.metadata";
    private const string IdPrefix = "topic_id: ";
    private const int IdBytes = 16;

    public static void Save(Disk disk, string directory, Guid topicId)
    {
        disk.Replace(Path.Combine(directory, FileName), Encoding.ASCII.GetBytes($"version: 0\n{IdPrefix}{TextOf(topicId)}\n"), sync: false);
    }

    /// <summary>The id of the topic; empty when the file is missing or damaged.</summary>
    public static Guid Load(Disk disk, string directory)
    {
        Span<byte> id = stackalloc byte[IdBytes];
        return Array.Find(disk.ReadLines(Path.Combine(directory, FileName)), line => line.StartsWith(IdPrefix, StringComparison.Ordinal)) is { } line
            && Base64Url.IsValid(line.AsSpan(IdPrefix.Length).Trim(), out var length) && length == id.Length
            && Base64Url.TryDecodeFromChars(line.AsSpan(IdPrefix.Length).Trim(), id, out _)
                ? new Guid(id, bigEndian: true)
                : Guid.Empty;
    }

    /// <summary>
    /// Whether a file that holds <paramref name="loaded"/> is a damaged one of <paramref name="topicId"/>: it could not be read, or differs in one character of its text. The
    /// ids of two topics are random and differ in many.
    /// </summary>
    public static bool IsDamaged(Guid loaded, Guid topicId) =>
        loaded == Guid.Empty || TextOf(loaded).Zip(TextOf(topicId)).Count(pair => pair.First != pair.Second) == 1;

    private static string TextOf(Guid topicId) => Base64Url.EncodeToString(topicId.ToByteArray(bigEndian: true));
}
