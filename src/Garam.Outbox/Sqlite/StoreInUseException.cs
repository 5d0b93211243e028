namespace Garam.Outbox.Sqlite;

/// <summary>The store's file belongs to another process (or another <see cref="SqliteStore"/> of this one).</summary>
public sealed class StoreInUseException(string path, IOException cause)
    : IOException($"'{path}' is in use: an embedded store belongs to one process. Stop the other one, or use another data directory.", cause);
