using Garam.Messaging.Consuming;

namespace Garam.Messaging.Health;

/// <summary>What a consumer's records and its membership show when nothing has failed: work that does not end, and work that always ends the same way.</summary>
internal static class ConsumerProblems
{
    /// <summary>So many in a row are no coincidence.</summary>
    private const int ManyInARow = 10;

    public static IEnumerable<MessagingProblem> Of(GroupMember? member, IEnumerable<RecordProcessor> processors, MessagingOptions options, TimeProvider time)
    {
        if (member?.Membership.Problem(options.SessionTimeout) is { } waiting)
        {
            yield return Degraded(waiting);
        }

        foreach (var assignment in member?.Assignments ?? [])
        {
            if (Oldest(assignment, time) is { } oldest && oldest.Age > options.SlowHandler)
            {
                yield return Degraded(oldest.Record.HasFailed
                    ? $"{assignment.Partition.Topic}[{assignment.Partition.Partition.Value}] at offset {oldest.Record.Offset}: its handler has failed, and {oldest.Age.TotalSeconds:0} s after this attempt began its failure is still being logged, judged or dead-lettered."
                    : $"{assignment.Partition.Topic}[{assignment.Partition.Partition.Value}] at offset {oldest.Record.Offset}: its handler has been running for {oldest.Age.TotalSeconds:0} s.");
            }
        }

        foreach (var processor in processors.Where(processor => processor.Tally.DeadLetteredInARow >= ManyInARow))
        {
            yield return Degraded($"The last {processor.Tally.DeadLetteredInARow} records of '{processor.Endpoint.Topic}' that ended here were all given up and written to "
                + $"'{processor.Endpoint.DeadLetterTopic}'. The last failure: {processor.Tally.LastFailure?.Message} Correct the cause, then send them back.");
        }
    }

    /// <summary>The record of a partition that has been worked on longest; null: none is.</summary>
    private static (InFlightRecord Record, TimeSpan Age)? Oldest(PartitionAssignment assignment, TimeProvider time) => assignment.InProgress
        .OrderBy(running => running.Since)
        .Select(running => ((InFlightRecord, TimeSpan)?)(running.Record, time.GetElapsedTime(running.Since)))
        .FirstOrDefault();

    private static MessagingProblem Degraded(string message) => new(ProblemSeverity.Degraded, null, message);
}
