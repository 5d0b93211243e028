using System.Text.Json;

namespace Garam.Operations.Groups;

/// <summary>
/// Where groups were before they were reset, for seven days, so that a reset can be undone. A file for each cluster, shared by the command line
/// and the console: each undoes what the other did.
/// </summary>
/// <param name="directory">Made on first use.</param>
public sealed class ResetHistory(string directory)
{
    private const int MaxResets = 100;
    private const int MaxPartitions = 100_000;
    private const long MaxFileBytes = 64 << 20;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(20);

    /// <summary><c>$XDG_STATE_HOME/garam/resets</c>, or <c>~/.local/state/garam/resets</c>.</summary>
    public static string DefaultDirectory { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state ? state : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"),
        "garam", "resets");

    /// <summary>The folder of the files.</summary>
    public string Directory { get; } = directory;

    /// <summary>Keeps the plan that undoes a reset which is about to be made.</summary>
    /// <returns>What <see cref="ReplaceAsync"/> finds it by.</returns>
    internal async Task<Guid> KeepAsync(string cluster, ResetPlan undo, TimeProvider time, CancellationToken cancellationToken)
    {
        var kept = new KeptReset(Guid.NewGuid(), time.GetUtcNow(), undo);
        await ChangeAsync(cluster, resets => [kept, .. resets], time, cancellationToken);
        return kept.Id;
    }

    /// <summary>Corrects an undo when less was done than planned; null: nothing was.</summary>
    internal Task ReplaceAsync(string cluster, Guid id, ResetPlan? undo, TimeProvider time, CancellationToken cancellationToken) => ChangeAsync(
        cluster,
        resets => resets.Where(reset => reset.Id != id || undo is not null).Select(reset => reset.Id == id ? reset with { Undo = undo! } : reset),
        time, cancellationToken);

    /// <summary>The undo of a group's last reset; null where there was none in seven days.</summary>
    internal async Task<ResetPlan?> LastAsync(string cluster, string group, TimeProvider time, CancellationToken cancellationToken) =>
        (await ReadAsync(PathOf(cluster), time, cancellationToken)).FirstOrDefault(reset => reset.Undo.Group == group)?.Undo;

    private async Task ChangeAsync(string cluster, Func<IReadOnlyList<KeptReset>, IEnumerable<KeptReset>> change, TimeProvider time, CancellationToken cancellationToken)
    {
        System.IO.Directory.CreateDirectory(Directory);
        var path = PathOf(cluster);
        await using var held = await LockAsync($"{path}.lock", time, cancellationToken);
        var resets = Bounded(change(await ReadAsync(path, time, cancellationToken)));
        // Whole or not at all: whoever reads meanwhile, or after a crash, finds the old file or the new one.
        var draft = $"{path}.{Guid.NewGuid():N}.tmp";
        await File.WriteAllBytesAsync(draft, JsonSerializer.SerializeToUtf8Bytes(resets, JsonSerializerOptions.Web), cancellationToken);
        File.Move(draft, path, overwrite: true);
    }

    private static List<KeptReset> Bounded(IEnumerable<KeptReset> resets)
    {
        var (bounded, partitions) = (new List<KeptReset>(), 0L);
        foreach (var reset in resets.Take(MaxResets))
        {
            // The newest is kept however large it is.
            if ((partitions += reset.Undo.Partitions.Count) > MaxPartitions && bounded.Count > 0)
                break;
            bounded.Add(reset);
        }

        return bounded;
    }

    // Newest first.
    private static async Task<IReadOnlyList<KeptReset>> ReadAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            return [];
        if (new FileInfo(path).Length > MaxFileBytes)
            throw Damaged(path, null);
        try
        {
            var resets = JsonSerializer.Deserialize<List<KeptReset>>(await File.ReadAllBytesAsync(path, cancellationToken), JsonSerializerOptions.Web) ?? [];
            return [.. resets.Where(reset => time.GetUtcNow() - reset.At < Kept)];
        }
        catch (JsonException exception)
        {
            throw Damaged(path, exception);
        }
    }

    // Two programs may reset at the same moment: the second waits for the first.
    private static async Task<FileStream> LockAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException exception)
            {
                if (time.GetElapsedTime(started) > LockPatience)
                    throw new OperationException(FailureKind.Failed, $"the history of resets cannot be written, so nothing was reset: {exception.Message}", exception);
            }

            await Task.Delay(LockPause, time, cancellationToken);
        }
    }

    private static OperationException Damaged(string path, Exception? inner) => new(
        FailureKind.Failed, $"{path} is not a valid history of resets, so nothing can be undone or kept: move it away.", inner);

    // Whatever a broker calls its cluster, the file lies in the folder.
    private string PathOf(string cluster) => Path.Combine(Directory, string.Concat(cluster.Take(100).Select(letter =>
        char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter.ToString() : $"%{(int)letter:X4}")) + ".json");

    private sealed record KeptReset(Guid Id, DateTimeOffset At, ResetPlan Undo);
}
