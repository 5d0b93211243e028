namespace Garam.Messaging.Consuming;

/// <summary>
/// Decides which partitions of a member have enough in memory: by their own records and bytes, and by the bytes of all of them together. Half of the member's
/// bytes is for every partition that needs it; from there on, each has an equal share of the other half. A partition whose handler hangs leaves the others
/// what they need to go on. Poll thread only.
/// </summary>
internal sealed class BackPressure(MessagingOptions options)
{
    /// <summary>Records that are done and wait for an older one, beyond <see cref="MessagingOptions.MaxInFlight"/>: a crash would repeat them, and they take memory.</summary>
    public const int MostTracked = 100_000;

    private long _bytes;
    private int _partitions = 1;

    /// <summary>Counts anew what is unfinished. Between two calls counts only grow, so that they are never too small.</summary>
    public void Count(IReadOnlyCollection<PartitionAssignment> assignments)
    {
        (_bytes, _partitions) = (0, Math.Max(1, assignments.Count));
        foreach (var assignment in assignments)
        {
            assignment.Recount();
            _bytes += assignment.PendingBytes;
        }
    }

    /// <summary>A record was dispatched. Whether its partition has enough now.</summary>
    public bool IsReached(PartitionAssignment assignment, int size)
    {
        _bytes += size;
        if (!IsOver(assignment, 1))
        {
            return false;
        }

        _bytes -= assignment.PendingBytes;
        assignment.Recount();
        assignment.Tracker.Advance();
        _bytes += assignment.PendingBytes;
        return IsOver(assignment, 1);
    }

    /// <summary>True from the mark on until less than half of it is left: each pause throws away what the client has read ahead.</summary>
    public bool IsFull(PartitionAssignment assignment) =>
        assignment.IsFull = IsOver(assignment, assignment.IsFull ? 2 : 1);

    private bool IsOver(PartitionAssignment assignment, int part) =>
        assignment.PendingRecords >= Math.Max(1, options.MaxInFlight / part)
        || assignment.PendingBytes >= options.MaxInFlightBytes / part
        || assignment.Tracker.Count >= (options.MaxInFlight + MostTracked) / part
        || (_bytes >= options.MaxGroupInFlightBytes / 2 / part && assignment.PendingBytes >= Math.Max(1, options.MaxGroupInFlightBytes / 2 / _partitions / part));
}
