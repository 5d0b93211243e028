using Garam.Outbox.Sqlite;
using Microsoft.Extensions.Logging;

namespace Garam.Content.ReadModels;

/// <summary>
/// The file of a read model. Everything in it comes from topics, so that a file that cannot be read is moved aside, and a new one is filled
/// in its place.
/// </summary>
internal static class ReadModelFile
{
    private const string Remedy = "stop garam and delete it, it is rebuilt from the log.";

    /// <exception cref="StoreInUseException">Another process has it.</exception>
    /// <exception cref="StoreUnusableException">It is a directory, or cannot be opened.</exception>
    public static SqliteStore Open(string path, IReadOnlyList<string> migrations, ILogger? logger)
    {
        try
        {
            return SqliteStore.Open(path, migrations, logger, Remedy);
        }
        catch (StoreUnusableException error) when (error.IsDamaged)
        {
            var aside = MoveAside(path);
            logger?.ReadModelMovedAside(path, aside, error.Message);
            return SqliteStore.Open(path, migrations, logger, Remedy);
        }
    }

    /// <summary>With SQLite's files of that name, which belong to it. An earlier one that was moved aside is replaced.</summary>
    private static string MoveAside(string path)
    {
        var aside = path + ".damaged";
        foreach (var suffix in (string[])["", "-wal", "-shm"])
        {
            File.Delete(aside + suffix);
            if (File.Exists(path + suffix))
                File.Move(path + suffix, aside + suffix);
        }

        return aside;
    }
}
