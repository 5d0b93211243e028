using System.Text;
using System.Text.Json;
using Garam.Broker.Groups;
using Garam.Broker.Log;
using Garam.Broker.Topics;
using Garam.Kafka.Records;

namespace Garam.Broker.Checking;

/// <summary>
/// Reads everything that is in the data directory of a stopped broker and says what of it is intact. Changes nothing. Indexes, producer snapshots and checkpoints are not
/// looked at: the broker rebuilds them from the batches.
/// </summary>
public static class DataDirectoryCheck
{
    private const string StraySuffix = "-stray", RemovedSuffix = "-delete";

    /// <summary>Reads all partitions, one after the other; the broker's own come first.</summary>
    /// <param name="path">The broker's directory: the one with <c>__metadata-0</c> in it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">There is no such directory, a broker uses it, or the disk failed.</exception>
    public static IEnumerable<PartitionCheck> Read(string path, CancellationToken cancellationToken = default)
    {
        if (!Directory.Exists(path))
        {
            throw new DirectoryNotFoundException($"There is no directory {path}.");
        }
        if (!Directory.Exists(Path.Combine(path, $"{TopicName.Metadata}-0")))
        {
            throw new IOException($"{path} is not the data directory of a broker: it has no {TopicName.Metadata}-0.");
        }
        using var held = DataDirectory.Open(path);
        var topics = new Dictionary<string, TopicEntry>(StringComparer.Ordinal);
        foreach (var check in ReadInternal(path, topics, cancellationToken))
        {
            yield return check;
        }
        var names = Directory.GetDirectories(path).Select(directory => Path.GetFileName(directory)).ToHashSet(StringComparer.Ordinal);
        var missing = topics.SelectMany(topic => Enumerable.Range(0, topic.Value.Partitions).Select(partition => $"{topic.Key}-{partition}")).Where(name => !names.Contains(name));
        foreach (var name in missing.Order(StringComparer.Ordinal))
        {
            yield return new PartitionCheck(name, PartitionKind.Topic, 0, 0, 0, 0, null, null, ["the directory is missing; the next start creates it, empty"]);
        }
        foreach (var name in names.Where(IsPartition).Where(name => !IsInternal(name)).Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return ReadPartition(path, name, topics, cancellationToken);
        }
    }

    private static IEnumerable<PartitionCheck> ReadInternal(string path, Dictionary<string, TopicEntry> topics, CancellationToken cancellationToken)
    {
        var groups = new GroupReplay();
        foreach (var directory in Directory.GetDirectories(path).Where(directory => IsInternal(Path.GetFileName(directory))).OrderDescending(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(directory);
            PartitionReader.RecordAction read = name.StartsWith(TopicName.Metadata, StringComparison.Ordinal)
                ? (in Record record) => ReadMetadata(record, topics)
                : (in Record record) => GroupRecords.Read(record, groups);
            yield return new PartitionReader(directory, PartitionKind.Internal, read).Read(cancellationToken);
        }
    }

    private static PartitionCheck ReadPartition(string path, string name, Dictionary<string, TopicEntry> topics, CancellationToken cancellationToken)
    {
        var directory = Path.Combine(path, name);
        var dash = name.LastIndexOf('-');
        var isKnown = topics.TryGetValue(name[..dash], out var topic) && int.TryParse(name.AsSpan(dash + 1), out var partition) && partition < topic.Partitions;
        var id = PartitionMetadata.Load(Disk.OfSystem, directory);
        var isStray = !isKnown || (id != topic!.Id && !PartitionMetadata.IsDamaged(id, topic.Id));
        return new PartitionReader(directory, isStray ? PartitionKind.Stray : PartitionKind.Topic, null).Read(cancellationToken);
    }

    private static void ReadMetadata(in Record record, Dictionary<string, TopicEntry> topics)
    {
        var key = Encoding.UTF8.GetString(record.Key);
        if (!key.StartsWith(TopicStore.TopicKey, StringComparison.Ordinal))
        {
            if (record.HasValue)
            {
                JsonDocument.Parse(record.Value.ToArray()).Dispose();
            }
            return;
        }
        var name = key[TopicStore.TopicKey.Length..];
        if (record.HasValue)
        {
            topics[name] = JsonSerializer.Deserialize(record.Value, MetadataJson.Default.TopicEntry)!;
        }
        else
        {
            topics.Remove(name);
        }
    }

    private static bool IsPartition(string name) =>
        !name.EndsWith(RemovedSuffix, StringComparison.Ordinal)
        && (name.EndsWith(StraySuffix, StringComparison.Ordinal) || (name.LastIndexOf('-') is > 0 and var dash && int.TryParse(name.AsSpan(dash + 1), out _)));

    private static bool IsInternal(string name) =>
        IsPartition(name) && !name.EndsWith(StraySuffix, StringComparison.Ordinal) && name[..name.LastIndexOf('-')] is TopicName.Metadata or TopicName.ConsumerOffsets;
}
