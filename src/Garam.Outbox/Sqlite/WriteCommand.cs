namespace Garam.Outbox.Sqlite;

/// <summary>One unit of work for the writer: runs in a savepoint, answers when the transaction around it is on disk.</summary>
internal abstract class WriteCommand
{
    /// <summary>False when the caller gave up while the command was waiting: it must not run.</summary>
    public abstract bool TryStart();

    /// <summary>Does the work; what it throws fails this command alone.</summary>
    public abstract void Run(StoreConnection connection, WriterContext context);

    /// <summary>Answers the caller after the commit: with the result, or with what <see cref="Run"/> threw.</summary>
    public abstract void Answer();

    /// <summary>Answers the caller that nothing of the batch was kept.</summary>
    public abstract void Fail(Exception cause);
}

internal sealed class WriteCommand<T>(Func<StoreConnection, T> work, CancellationToken cancellationToken) : WriteCommand
{
    // Continuations must not run on the writer's thread: they would hold up all other commits.
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;
    private Exception? _error;

    public Task<T> Task => _answer.Task;

    public override bool TryStart()
    {
        if (!cancellationToken.IsCancellationRequested)
            return true;
        _answer.TrySetCanceled(cancellationToken);
        return false;
    }

    public override void Run(StoreConnection connection, WriterContext context)
    {
        try
        {
            _result = work(connection);
            if (context.HasStarted || AsynchronousCommand.IsAwaitable(_result))
                throw AsynchronousCommand.Rejected();
        }
        catch (Exception error)
        {
            _error = error;
            throw;
        }
    }

    public override void Answer()
    {
        if (_error is null)
            _answer.TrySetResult(_result);
        else
            _answer.TrySetException(_error);
    }

    public override void Fail(Exception cause) => _answer.TrySetException(_error ?? cause);
}
