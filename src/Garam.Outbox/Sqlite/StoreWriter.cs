using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Garam.Outbox.Sqlite;

/// <summary>
/// The one writer of a store: a thread that takes whatever commands are waiting into one transaction.
/// <code>
/// queue:  c1 c2 c3 | c4 ...        BEGIN  [savepoint c1] [savepoint c2] [savepoint c3]  COMMIT (one fsync)  answer c1 c2 c3
/// </code>
/// While the disk syncs, the next commands gather: the more load, the larger the batches, and the cost of a sync is shared.
/// </summary>
internal sealed class StoreWriter
{
    /// <summary>Bounds how long the first command of a batch waits for the last one.</summary>
    private const int MaxBatch = 1_000;

    /// <summary>Callers beyond this wait for room, so that a slow disk cannot fill the memory.</summary>
    private const int QueueCapacity = 10_000;

    private readonly Channel<WriteCommand> _queue = Channel.CreateBounded<WriteCommand>(
        new BoundedChannelOptions(QueueCapacity) { SingleReader = true });

    private readonly List<WriteCommand> _batch = [];
    private readonly StoreConnection _connection;
    private readonly KeyValuePair<string, object?> _storeTag;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StoreWriter(StoreConnection connection, string name)
    {
        _connection = connection;
        _storeTag = new("store", name);
        new Thread(Run) { IsBackground = true, Name = $"writer of {name}" }.Start();
    }

    /// <summary>Raised on the writer's thread after each commit, before its commands are answered. Must be quick.</summary>
    public event Action? Committed;

    public async Task<T> WriteAsync<T>(Func<StoreConnection, T> work, CancellationToken cancellationToken)
    {
        var command = new WriteCommand<T>(work, cancellationToken);
        try
        {
            await _queue.Writer.WriteAsync(command, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(SqliteStore));
        }

        return await command.Task;
    }

    /// <summary>Takes no more commands, writes those that wait, and ends the thread.</summary>
    public Task StopAsync()
    {
        _queue.Writer.TryComplete();
        return _stopped.Task;
    }

    private void Run()
    {
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            WriteBatch();
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
        catch (SqliteException error)
        {
            RollBack(error);
            return;
        }

        StoreMetrics.CommitDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, _storeTag);
        StoreMetrics.Commands.Add(_batch.Count, _storeTag);
        Committed?.Invoke();
        foreach (var command in _batch)
            command.Answer();
    }

    private void RunInSavepoint(WriteCommand command)
    {
        if (!command.TryStart())
            return;
        _batch.Add(command);
        _connection.Execute("SAVEPOINT command");
        try
        {
            command.Run(_connection);
        }
        // Not swallowed: the command keeps what it threw and hands it to its caller.
        catch (Exception) when (_connection.InTransaction)
        {
            _connection.Execute("ROLLBACK TO command");
        }
        catch (Exception error)
        {
            throw new SqliteException($"The transaction was lost: {error.Message}", (error as SqliteException)?.SqliteErrorCode ?? 0);
        }

        _connection.Execute("RELEASE command");
    }

    private void RollBack(SqliteException error)
    {
        if (_connection.InTransaction)
            _connection.Execute("ROLLBACK");
        // A transaction that could not even begin leaves its commands in the queue: take one out, or we would spin.
        if (_batch.Count == 0 && _queue.Reader.TryRead(out var unlucky))
            _batch.Add(unlucky);
        foreach (var command in _batch)
            command.Fail(error);
    }
}
