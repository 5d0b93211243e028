using Garam.Background;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Producing;

namespace Garam.Messaging.Health;

/// <summary>Counts what happens at one endpoint. Written by its lanes, on the path of every record: one interlocked addition, nothing allocated.</summary>
internal sealed class EndpointTally(TimeProvider time)
{
    private long _handled;
    private long _failed;
    private long _retried;
    private long _deadLettered;
    private int _deadLetteredInARow;
    private volatile EndpointFailure? _lastFailure;

    public long Handled => Volatile.Read(ref _handled);

    public long Failed => Volatile.Read(ref _failed);

    public long Retried => Volatile.Read(ref _retried);

    public long DeadLettered => Volatile.Read(ref _deadLettered);

    public EndpointFailure? LastFailure => _lastFailure;

    /// <summary>Records that were given up since one was handled with success.</summary>
    public int DeadLetteredInARow => Volatile.Read(ref _deadLetteredInARow);

    public void CountHandled()
    {
        Interlocked.Increment(ref _handled);
        if (Volatile.Read(ref _deadLetteredInARow) != 0)
        {
            Volatile.Write(ref _deadLetteredInARow, 0);
        }
    }

    public void CountRetried() => Interlocked.Increment(ref _retried);

    public void CountDeadLettered()
    {
        Interlocked.Increment(ref _deadLettered);
        Interlocked.Increment(ref _deadLetteredInARow);
    }

    public void CountFailed(RecordContext record, Exception exception)
    {
        Interlocked.Increment(ref _failed);
        Note(record, exception);
    }

    /// <summary>Something failed that is no attempt of the handler.</summary>
    public void Note(RecordContext record, Exception exception) => _lastFailure = new EndpointFailure(
        exception.GetType().FullName ?? exception.GetType().Name,
        ExceptionText.Message(exception),
        time.GetUtcNow(),
        new RecordPosition(record.Topic, record.Partition, record.Offset),
        record.Attempt);
}
