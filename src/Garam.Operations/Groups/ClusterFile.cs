using System.Text.Json;

namespace Garam.Operations.Groups;

/// <summary>
/// A file for each cluster, under <c>$XDG_STATE_HOME/garam</c>, that the command line and the console share. A reader finds the old content or the new, also after a crash, and
/// two programs that change it at the same moment take turns.
/// </summary>
/// <param name="directory">Created on first use.</param>
/// <param name="what">What the file holds, for messages: "the history of resets".</param>
internal sealed class ClusterFile<T>(string directory, string what) where T : class
{
    private const long MaxBytes = 64 << 20;
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(20);

    /// <summary>What was kept; null: nothing yet.</summary>
    /// <exception cref="OperationException">The file is damaged.</exception>
    public Task<T?> ReadAsync(string cluster, CancellationToken cancellationToken) => ReadFileAsync(PathOf(cluster), cancellationToken);

    /// <summary>Replaces what was kept.</summary>
    /// <exception cref="OperationException">The file is damaged, or cannot be written.</exception>
    public async Task ChangeAsync(string cluster, Func<T?, T> change, TimeProvider time, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        var path = PathOf(cluster);
        await using var held = await LockAsync($"{path}.lock", time, cancellationToken);
        var content = change(await ReadFileAsync(path, cancellationToken));
        var draft = $"{path}.{Guid.NewGuid():N}.tmp";
        await File.WriteAllBytesAsync(draft, JsonSerializer.SerializeToUtf8Bytes(content, JsonSerializerOptions.Web), cancellationToken);
        File.Move(draft, path, overwrite: true);
    }

    private async Task<T?> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            return null;
        if (new FileInfo(path).Length > MaxBytes)
            throw Damaged(path, null);
        try
        {
            return JsonSerializer.Deserialize<T>(await File.ReadAllBytesAsync(path, cancellationToken), JsonSerializerOptions.Web);
        }
        catch (JsonException exception)
        {
            throw Damaged(path, exception);
        }
    }

    private async Task<FileStream> LockAsync(string path, TimeProvider time, CancellationToken cancellationToken)
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
                    throw new OperationException(FailureKind.Failed, $"{what} cannot be written, so nothing was changed: {exception.Message}", exception);
            }

            await Task.Delay(LockPause, time, cancellationToken);
        }
    }

    private OperationException Damaged(string path, Exception? inner) => new(
        FailureKind.Failed, $"{path} does not hold {what}: move the file away. Until then nothing is read from it or written to it.", inner);

    // Whatever a broker calls its cluster, the file lies in the folder.
    private string PathOf(string cluster) => Path.Combine(directory, string.Concat(cluster.Take(100).Select(letter =>
        char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter.ToString() : $"%{(int)letter:X4}")) + ".json");
}

/// <summary>Where the files of clusters lie.</summary>
internal static class ClusterFiles
{
    /// <summary><c>$XDG_STATE_HOME/garam/NAME</c>, or <c>~/.local/state/garam/NAME</c>.</summary>
    public static string Directory(string name) => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state ? state : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"),
        "garam", name);
}
