using Garam.Kafka.Records;

namespace Garam.Faults.Nemesis;

/// <summary>
/// What may be done to the files of a broker that is down, without taking away anything that it has promised to keep: bytes behind the last batch, and everything
/// that is derived from the batches.
/// </summary>
internal static class FileDamage
{
    private static readonly (string Name, Func<string, Random, string?> Do)[] Kinds =
    [
        ("garbage behind the last batch", Garbage), ("zeros behind the last batch", Zeros), ("half a batch behind the last one", HalfBatch),
        ("a batch of wrong bytes behind the last one", WrongBatch), ("no indexes", NoIndexes), ("short indexes", ShortIndexes), ("zeroed pages in indexes", ZeroedIndexes),
        ("random bytes in indexes", RandomIndexes), ("no producer snapshots", NoSnapshots), ("short producer snapshots", ShortSnapshots),
        ("no recovery points", NoRecoveryPoints), ("half the recovery points", HalfRecoveryPoints), ("no leader epochs", NoEpochs), ("damaged leader epochs", DamagedEpochs),
        ("no partition metadata", NoMetadata),
    ];

    public static int Count => Kinds.Length;

    /// <summary>Damages one partition, or what all of them share; returns what was done.</summary>
    /// <param name="dataFolder">The broker's.</param>
    /// <param name="kind">Which kind of damage, by number.</param>
    /// <param name="random">Chooses the partition.</param>
    public static string Do(string dataFolder, int kind, Random random)
    {
        var partitions = Directory.GetDirectories(dataFolder).Where(folder => !folder.EndsWith("-delete", StringComparison.Ordinal) && Directory.GetFiles(folder, "*.log").Length > 0).Order(StringComparer.Ordinal).ToArray();
        var partition = partitions[random.Next(partitions.Length)];
        return $"{Kinds[kind].Name} ({Path.GetFileName(partition)}): {Kinds[kind].Do(partition, random) ?? "there were none"}";
    }

    private static string Active(string partition) => Directory.GetFiles(partition, "*.log").Order(StringComparer.Ordinal).Last();

    private static string Append(string partition, byte[] bytes)
    {
        using var file = new FileStream(Active(partition), FileMode.Append);
        file.Write(bytes);
        return $"{bytes.Length} bytes";
    }

    private static string Garbage(string partition, Random random)
    {
        var bytes = new byte[random.Next(1, 5000)];
        random.NextBytes(bytes);
        return Append(partition, bytes);
    }

    private static string Zeros(string partition, Random random) => Append(partition, new byte[random.Next(1, 10_000)]);

    private static string? HalfBatch(string partition, Random random) =>
        NextBatch(partition) is { } batch ? Append(partition, batch[..random.Next(1, batch.Length)]) : null;

    private static string? WrongBatch(string partition, Random random)
    {
        if (NextBatch(partition) is not { } batch)
        {
            return null;
        }

        batch[random.Next(RecordBatchHeader.Size, batch.Length)] ^= 1;
        return Append(partition, batch);
    }

    /// <summary>The first batch of the active segment, with the offset that the next one would have.</summary>
    private static byte[]? NextBatch(string partition)
    {
        var bytes = File.ReadAllBytes(Active(partition));
        byte[]? first = null;
        var next = 0L;
        for (ReadOnlySpan<byte> rest = bytes; RecordBatch.TryRead(rest, out var batch); rest = rest[batch.Bytes.Length..])
        {
            first ??= batch.Bytes.ToArray();
            next = batch.Header.LastOffset + 1;
        }

        if (first is not null)
        {
            RecordBatch.Place(first, next, RecordBatchHeader.Read(first).PartitionLeaderEpoch);
        }

        return first;
    }

    private static string? ForAll(string folder, string pattern, Action<string> damage)
    {
        var files = Directory.GetFiles(folder, pattern);
        Array.ForEach(files, damage);
        return files.Length > 0 ? $"{files.Length} files" : null;
    }

    private static string? NoIndexes(string partition, Random random) => ForAll(partition, random.Next(3) switch { 0 => "*.index", 1 => "*.timeindex", _ => "*index" }, File.Delete);

    private static string? ShortIndexes(string partition, Random random) => ForAll(partition, "*index", file => Shorten(file, random));

    private static string? ZeroedIndexes(string partition, Random random) => ForAll(partition, "*index", file => Overwrite(file, random, zeros: true));

    private static string? RandomIndexes(string partition, Random random) => ForAll(partition, "*index", file => Overwrite(file, random, zeros: false));

    private static string? NoSnapshots(string partition, Random random) => ForAll(partition, "*.snapshot", File.Delete);

    private static string? ShortSnapshots(string partition, Random random) => ForAll(partition, "*.snapshot", file => Shorten(file, random));

    private static string? NoRecoveryPoints(string partition, Random random) => ForAll(Path.GetDirectoryName(partition)!, "recovery-point-offset-checkpoint", File.Delete);

    private static string? HalfRecoveryPoints(string partition, Random random) => ForAll(Path.GetDirectoryName(partition)!, "recovery-point-offset-checkpoint", file => Shorten(file, random));

    private static string? NoEpochs(string partition, Random random) => ForAll(partition, "leader-epoch-checkpoint", File.Delete);

    private static string? DamagedEpochs(string partition, Random random) => ForAll(partition, "leader-epoch-checkpoint", file => Overwrite(file, random, zeros: false));

    private static string? NoMetadata(string partition, Random random) => ForAll(partition, "partition.metadata", File.Delete);

    private static void Shorten(string path, Random random)
    {
        using var file = new FileStream(path, FileMode.Open);
        file.SetLength(random.NextInt64(file.Length + 1));
    }

    private static void Overwrite(string path, Random random, bool zeros)
    {
        using var file = new FileStream(path, FileMode.Open);
        var from = random.NextInt64(file.Length / 4096 + 1) * 4096;
        var bytes = new byte[Math.Min(4096, file.Length - from)];
        if (!zeros)
        {
            random.NextBytes(bytes);
        }

        file.Position = from;
        file.Write(bytes);
    }
}
