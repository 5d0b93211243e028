using Garam.Messaging.Endpoints;
using Garam.Messaging.Failures;

namespace Garam.Messaging.Consuming;

/// <summary>
/// A record between its reading and its completion. The poll thread makes it, its lane's worker works on it, and the one thing that
/// passes back is <see cref="IsDone"/>: a single flag, written once by the worker, so that tracking needs no lock.
/// </summary>
internal sealed class InFlightRecord(RecordContext context)
{
    private RecordContext? _context = context;
    private volatile bool _isDone;

    public long Offset { get; } = context.Offset;

    public int Size { get; } = (context.Key?.Length ?? 0) + (context.Value?.Length ?? 0);

    public bool IsDone => _isDone;

    public RecordContext Context => _context ?? throw new InvalidOperationException("The record is done.");

    public FailureHistory Failures { get; set; }

    /// <summary>The last failure of a record that is given up and not yet dead-lettered.</summary>
    public Exception? GivenUp { get; set; }

    /// <summary>The record needs nothing more. Its bytes are let go, though it may wait long for an older one before it leaves the tracker.</summary>
    public void Complete()
    {
        _context = null;
        _isDone = true;
    }
}
