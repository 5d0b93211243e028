using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using Garam.Background;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Outbox.Sqlite;

/// <summary>
/// One SQLite file with one writer and many readers.
/// </summary>
/// <remarks>
/// <para>The file is in WAL mode with <c>synchronous=FULL</c>: a write that was answered survives kill -9 and a power cut.</para>
/// <para>A store belongs to one process: a lock on <c>{path}.lock</c> is held until it is disposed, or its process ends in any way.</para>
/// </remarks>
public sealed class SqliteStore : IAsyncDisposable
{
    /// <summary>Idle read connections that are kept; more are opened when needed, and closed after use.</summary>
    private const int KeptReaders = 8;

    private readonly ConcurrentBag<StoreConnection> _readers = [];
    private readonly FileStream _lock;
    private readonly StoreWriter _writer;
    private readonly BackgroundWork _background;
    private readonly string _remedy;
    private int _disposed;

    private SqliteStore(string path, FileStream @lock, StoreConnection connection, bool isNew, ILogger logger, string remedy)
    {
        Path = path;
        _remedy = remedy;
        IsNew = isNew;
        _lock = @lock;
        _background = new BackgroundWork(logger);
        _writer = new StoreWriter(() => OpenWriter(path), connection, System.IO.Path.GetFileName(path), _background);
        Outbox = new OutboxSignal(this);
    }

    /// <summary>Where the file is.</summary>
    public string Path { get; }

    /// <summary>True when this opening created the file: nothing was in it before.</summary>
    public bool IsNew { get; }

    /// <summary>What is wrong with the store's own work, one sentence for each problem; empty when nothing is.</summary>
    public IReadOnlyList<string> Problems => [.. _background.Problems.Select(problem => problem.Message)];

    /// <summary>Shared by all <see cref="SqliteOutbox"/> objects over this store.</summary>
    internal OutboxSignal Outbox { get; }

    /// <summary>
    /// Raised on the writer's thread after each commit, before the commit's callers are answered. Must be quick. A handler that throws is
    /// logged and shown in
    /// <see cref="Problems"/>; the commit and the other handlers are not affected.
    /// </summary>
    public event Action? Committed
    {
        add => _writer.Committed += value;
        remove => _writer.Committed -= value;
    }

    /// <summary>Opens the file, creating it and its directory where absent, and brings its schema up to date.</summary>
    /// <param name="path">The database file.</param>
    /// <param name="migrations">
    /// SQL scripts, oldest first; the file remembers how many it has had, and each runs once, in a transaction.
    /// Scripts are only ever appended: one that was released is never changed.
    /// </param>
    /// <param name="logger">Where failures of the store's own work are logged. Default: nowhere; <see cref="Problems"/> has them.</param>
    /// <param name="remedy">What an operator has to do about a damaged file, in the words that follow a colon. Default: restore a backup.</param>
    /// <exception cref="StoreInUseException">Another process has it.</exception>
    /// <exception cref="StoreUnusableException">The file is damaged, is not a database, or cannot be opened.</exception>
    /// <exception cref="InvalidDataException">The file was written by a later version, which had more migrations.</exception>
    /// <exception cref="IOException">The directory cannot be made.</exception>
    public static SqliteStore Open(string path, IReadOnlyList<string> migrations, ILogger? logger = null, string remedy = "restore it from a backup.")
    {
        path = System.IO.Path.GetFullPath(path);
        CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        var @lock = Lock(path);
        StoreConnection? connection = null;
        try
        {
            connection = OpenWriter(path);
            ReadEachTable(connection);
            var isNew = Migrate(connection, path, migrations);
            return new SqliteStore(path, @lock, connection, isNew, logger ?? NullLogger.Instance, remedy);
        }
        catch (Exception error)
        {
            connection?.Dispose();
            @lock.Dispose();
            if (error is SqliteException cause && StoreUnusableException.Explains(cause))
                throw new StoreUnusableException(path, remedy, cause);
            throw;
        }
    }

    /// <summary>
    /// Runs <paramref name="command"/> on the writer and answers when it is on disk. Commands that wait at the same time share
    /// one transaction and one sync; one that throws is undone alone, and the exception is thrown here.
    /// </summary>
    /// <param name="command">Work on the connection: short, synchronous, and without keeping the connection.</param>
    /// <param name="cancellationToken">Withdraws a command that has not started; one that has started always answers.</param>
    /// <exception cref="SqliteException">The batch could not be committed (the disk is full or fails): nothing of it was kept.</exception>
    /// <exception cref="ArgumentException">The command is asynchronous: nothing of it was kept.</exception>
    public Task<T> WriteAsync<T>(Func<StoreConnection, T> command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        return AsynchronousCommand.IsAwaitable<T>() ? throw AsynchronousCommand.Rejected() : ExplainAsync(_writer.WriteAsync(command, cancellationToken));
    }

    /// <inheritdoc cref="WriteAsync{T}(Func{StoreConnection, T}, CancellationToken)"/>
    public Task WriteAsync(Action<StoreConnection> command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        return ExplainAsync(_writer.WriteAsync(connection => { command(connection); return true; }, cancellationToken));
    }

    /// <summary>Does not compile: a command must be synchronous.</summary>
    /// <remarks>Chosen before the other overloads where a command returns a task, and not a candidate where it does not.</remarks>
    [Obsolete(AsynchronousCommand.Message, error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    [OverloadResolutionPriority(1)]
    public Task WriteAsync<T>(Func<StoreConnection, T> command, CancellationToken cancellationToken, object? unused = null)
        where T : Task => throw AsynchronousCommand.Rejected();

    /// <summary>Runs a query on the calling thread. It sees what was committed when it starts, and never waits for the writer.</summary>
    /// <param name="query">Each statement in it sees its own snapshot.</param>
    public T Read<T>(Func<StoreConnection, T> query)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        if (!_readers.TryTake(out var connection))
            connection = OpenReader();
        try
        {
            return query(connection);
        }
        catch (SqliteException error) when (StoreUnusableException.Explains(error))
        {
            throw new StoreUnusableException(Path, _remedy, error);
        }
        finally
        {
            if (_readers.Count < KeptReaders && _disposed == 0)
                _readers.Add(connection);
            else
                connection.Dispose();
        }
    }

    /// <summary>Writes what waits, then closes the file and gives up its lock.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        try
        {
            await _writer.StopAsync().ConfigureAwait(false);
            while (_readers.TryTake(out var reader))
                reader.Dispose();
        }
        finally
        {
            await _lock.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<T> ExplainAsync<T>(Task<T> writing)
    {
        try
        {
            return await writing.ConfigureAwait(false);
        }
        catch (SqliteException error) when (StoreUnusableException.Explains(error))
        {
            throw new StoreUnusableException(Path, _remedy, error);
        }
    }

    /// <summary>Finds a file of which large parts are damaged before anything depends on it; costs a few pages for each table.</summary>
    private static void ReadEachTable(StoreConnection connection)
    {
        foreach (var table in connection.Query("SELECT replace(name, '\"', '\"\"') FROM sqlite_master WHERE type = 'table'", static row => row.GetString(0)))
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT 1 FROM \"{table}\" LIMIT 1";
            command.ExecuteScalar();
        }
    }

    private static void CreateDirectory(string path)
    {
        if (File.Exists(path))
            throw new IOException($"'{path}' is a file, and a directory is needed there for databases: move the file away, or use another data directory.");
        Directory.CreateDirectory(path);
    }

    private static FileStream Lock(string path)
    {
        try
        {
            // The lock file stays: removing it would let two processes lock two files of one name.
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (File.Exists(path + ".lock"))
        {
            throw new StoreInUseException(path, error);
        }
    }

    /// <summary>Whether a command was handed this connection by this store.</summary>
    internal bool Owns(StoreConnection connection) => _writer.Owns(connection);

    private static StoreConnection OpenWriter(string path)
    {
        var connection = Connect(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            connection.Execute("PRAGMA journal_mode=WAL");
            connection.Execute("PRAGMA synchronous=FULL");
            connection.Execute("PRAGMA foreign_keys=ON");
            connection.Execute("PRAGMA cache_size=-16384");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private StoreConnection OpenReader()
    {
        var connection = Connect(Path, SqliteOpenMode.ReadWrite);
        connection.Execute("PRAGMA query_only=ON");
        return connection;
    }

    private static StoreConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new StoreConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static bool Migrate(StoreConnection connection, string path, IReadOnlyList<string> migrations)
    {
        var done = (int)connection.Number("PRAGMA user_version");
        if (done > migrations.Count)
            throw new InvalidDataException($"'{path}' was written by a later version of Garam (schema {done}; this one knows {migrations.Count}).");
        for (var i = done; i < migrations.Count; i++)
            connection.Execute($"BEGIN IMMEDIATE; {migrations[i]}; PRAGMA user_version={i + 1}; COMMIT");
        return done == 0;
    }
}
