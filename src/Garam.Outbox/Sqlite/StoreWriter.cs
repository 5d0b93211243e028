using System.Diagnostics;
using System.Threading.Channels;
using Garam.Background;
using Microsoft.Data.Sqlite;

namespace Garam.Outbox.Sqlite;

/// <summary>
/// The one writer of a store: a thread that takes whatever commands are waiting into one transaction.
/// <code>
/// queue:  c1 c2 c3 | c4 ...        BEGIN  [savepoint c1] [savepoint c2] [savepoint c3]  COMMIT (one fsync)  answer c1 c2 c3
/// </code>
/// While the disk syncs, the next commands gather: the more load, the larger the batches, and the cost of a sync is shared.
/// </summary>
/// <remarks>
/// Every command that was taken from the queue is answered, whatever throws: a batch that cannot be committed fails as a whole, and a
/// connection
/// whose transaction cannot be ended is replaced.
/// </remarks>
internal sealed class StoreWriter
{
    /// <summary>Bounds how long the first command of a batch waits for the last one.</summary>
    private const int MaxBatch = 1_000;

    /// <summary>Callers beyond this wait for room, so that a slow disk cannot fill the memory.</summary>
    private const int QueueCapacity = 10_000;

    private readonly Channel<WriteCommand> _queue = Channel.CreateBounded<WriteCommand>(
        new BoundedChannelOptions(QueueCapacity) { SingleReader = true });

    private readonly List<WriteCommand> _batch = [];
    private readonly Func<StoreConnection> _connect;
    private readonly BackgroundWork _background;
    private readonly string _name;
    private readonly KeyValuePair<string, object?> _storeTag;
    private readonly string _committed;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StoreConnection _connection;
    private WriterContext _context;

    /// <param name="connect">Opens a connection for writing.</param>
    /// <param name="connection">The first of them.</param>
    /// <param name="name">The store's name in logs, health and metrics.</param>
    /// <param name="background">Runs the thread.</param>
    public StoreWriter(Func<StoreConnection> connect, StoreConnection connection, string name, BackgroundWork background)
    {
        (_connect, _connection, _background) = (connect, connection, background);
        _name = name;
        _context = new WriterContext(name, background);
        _storeTag = new("store", name);
        _committed = $"Listening to commits of {name}";
        background.RunThread($"Writer of {name}", Run, OnFailure.Restart());
    }

    /// <summary>Raised on the writer's thread after each commit, before its commands are answered. Must be quick.</summary>
    public event Action? Committed;

    public async Task<T> WriteAsync<T>(Func<StoreConnection, T> work, CancellationToken cancellationToken)
    {
        var command = new WriteCommand<T>(work, cancellationToken);
        try
        {
            await _queue.Writer.WriteAsync(command, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(SqliteStore));
        }

        return await command.Task.ConfigureAwait(false);
    }

    /// <summary>Whether a command was handed this connection.</summary>
    public bool Owns(StoreConnection connection) => ReferenceEquals(connection, _connection);

    /// <summary>Takes no more commands, writes those that wait, ends the thread and closes the connection.</summary>
    public Task StopAsync()
    {
        _queue.Writer.TryComplete();
        return _stopped.Task;
    }

    private void Run()
    {
        SynchronizationContext.SetSynchronizationContext(_context);
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            WriteBatch();
        _connection.Dispose();
        _stopped.SetResult();
    }

    private void WriteBatch()
    {
        _batch.Clear();
        var started = Stopwatch.GetTimestamp();
        try
        {
            _connection.Execute("BEGIN IMMEDIATE");
            while (_batch.Count < MaxBatch && _queue.Reader.TryRead(out var command))
                RunInSavepoint(command);
            _connection.Execute("COMMIT");
        }
        // Not only SQLite's own exceptions: a command can do anything to the connection that it is handed.
        catch (Exception error)
        {
            Abandon(error);
            return;
        }

        _background.RunOnce(_committed, RaiseCommitted);
        foreach (var command in _batch)
            command.Answer();
        StoreMetrics.CommitDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, _storeTag);
        StoreMetrics.Commands.Add(_batch.Count, _storeTag);
    }

    /// <summary>Every listener hears of the commit, whatever the others throw.</summary>
    private void RaiseCommitted()
    {
        List<Exception>? errors = null;
        foreach (var listener in Delegate.EnumerateInvocationList(Committed))
        {
            try
            {
                listener();
            }
            catch (Exception error)
            {
                (errors ??= []).Add(error);
            }
        }

        if (errors is not null)
            throw new AggregateException(errors);
    }

    private void RunInSavepoint(WriteCommand command)
    {
        if (!command.TryStart())
            return;
        _batch.Add(command);
        _connection.Execute("SAVEPOINT command");
        try
        {
            command.Run(_connection, _context);
        }
        // Not swallowed: the command keeps what it threw and hands it to its caller.
        catch (Exception error) when (_connection.InTransaction)
        {
            if (error is AsynchronousCommandException || _context.HasStarted)
                ReplaceContext();
            _connection.Execute("ROLLBACK TO command");
        }
        catch (Exception error)
        {
            throw new SqliteException($"The transaction was lost: {ExceptionText.Message(error)}", (error as SqliteException)?.SqliteErrorCode ?? 0);
        }

        _connection.Execute("RELEASE command");
    }

    private void ReplaceContext()
    {
        _context.Abandon();
        _context = new WriterContext(_name, _background);
        SynchronizationContext.SetSynchronizationContext(_context);
    }

    /// <summary>Nothing of the batch is kept: its callers are told, and the next batch begins with a connection that has no
    /// transaction.</summary>
    private void Abandon(Exception error)
    {
        try
        {
            RollBack();
        }
        finally
        {
            // A transaction that could not even begin leaves its commands in the queue: take one out, or we would spin.
            if (_batch.Count == 0 && _queue.Reader.TryRead(out var unlucky))
                _batch.Add(unlucky);
            foreach (var command in _batch)
                command.Fail(error);
        }
    }

    private void RollBack()
    {
        try
        {
            if (_connection.InTransaction)
                _connection.Execute("ROLLBACK");
            if (_connection.State is System.Data.ConnectionState.Open)
                return;
        }
        catch (Exception)
        {
            // The connection is of no further use. Closing it rolls back; what made it so was told to the callers.
        }

        var replacement = _connect();
        _connection.Dispose();
        _connection = replacement;
    }
}
