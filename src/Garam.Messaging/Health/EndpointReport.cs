using Garam.Messaging.Consuming;

namespace Garam.Messaging.Health;

/// <summary>Says of an endpoint, and of each partition that it owns, what is seen from outside.</summary>
internal static class EndpointReport
{
    public static EndpointState Of(RecordProcessor processor, IEnumerable<PartitionAssignment> assignments, string? waitingFor)
    {
        var (endpoint, tally) = (processor.Endpoint, processor.Tally);
        return new EndpointState
        {
            Group = endpoint.Group.Name,
            Topic = endpoint.Topic,
            Handler = HandlerName.Of(endpoint.Handler),
            DeadLetterTopic = endpoint.HasDeadLetters ? endpoint.DeadLetterTopic : null,
            Handled = tally.Handled,
            Failed = tally.Failed,
            Retried = tally.Retried,
            DeadLettered = tally.DeadLettered,
            Partitions = [.. assignments.Where(assignment => assignment.Partition.Topic == endpoint.Topic).Select(Of).OrderBy(partition => partition.Partition)],
            WaitingFor = waitingFor,
            LastFailure = tally.LastFailure,
        };
    }

    private static PartitionState Of(PartitionAssignment assignment)
    {
        var (activity, why) = Activity(assignment);
        return new PartitionState(assignment.Partition.Partition.Value, assignment.Committed, assignment.Unfinished.Records, assignment.Lag, activity, why);
    }

    /// <summary>The first cause, not its consequences: a partition that waits for a database is soon paused, too.</summary>
    private static (PartitionActivity Activity, string? Why) Activity(PartitionAssignment assignment)
    {
        if (assignment.IsDraining)
        {
            return (PartitionActivity.Draining, "It is being given back, or the host stops: running handlers have until DrainTimeout.");
        }

        if (assignment.HeldBecause is { } held)
        {
            return (PartitionActivity.Held, held);
        }

        if (assignment.Troubles.FirstOrDefault() is { } trouble)
        {
            return (PartitionActivity.Waiting, trouble);
        }

        return assignment.Paused == PauseReasons.None
            ? (PartitionActivity.Running, null)
            : (PartitionActivity.Paused, $"{assignment.Unfinished.Records} records are in progress: reading resumes when half of them are done.");
    }
}
