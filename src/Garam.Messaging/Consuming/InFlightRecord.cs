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
    private bool _isDone;

    public long Offset { get; } = context.Offset;

    /// <summary>Bytes of key, value and headers.</summary>
    public int Size { get; } = SizeOf(context);

    public bool IsDone => Volatile.Read(ref _isDone);

    public RecordContext Context => _context ?? throw new InvalidOperationException("The record is done.");

    /// <summary>The handler has ended with a failure, and what follows from it is being decided or done.</summary>
    public bool HasFailed { get; set; }

    public FailureHistory Failures { get; set; }

    /// <summary>The last failure of a record that is given up and not yet dead-lettered.</summary>
    public Exception? GivenUp { get; set; }

    /// <summary>The record needs nothing more. Its bytes are let go, though it may wait long for an older one before it leaves the tracker.</summary>
    public void Complete()
    {
        _context = null;
        Volatile.Write(ref _isDone, true);
    }

    private static int SizeOf(RecordContext context)
    {
        var size = (context.Key?.Length ?? 0) + (context.Value?.Length ?? 0);
        for (var index = 0; index < context.Headers.Count; index++)
        {
            size += context.Headers[index].Name.Length + (context.Headers[index].Value?.Length ?? 0);
        }

        return size;
    }
}
