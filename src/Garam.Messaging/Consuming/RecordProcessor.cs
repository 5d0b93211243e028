using System.Diagnostics;
using Garam.Background;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Failures;
using Garam.Messaging.Health;
using Garam.Messaging.Telemetry;
using Microsoft.Extensions.Logging;

namespace Garam.Messaging.Consuming;

/// <summary>The record is not done: its lane comes back to it.</summary>
/// <param name="After">How long to wait; infinite when only the end of the epoch ends it.</param>
/// <param name="Trouble">What is waited for, when it is not the record's own fault.</param>
internal readonly record struct TryLater(TimeSpan After, string? Trouble);

/// <summary>
/// Brings one record of an endpoint one step further: its handler is called, and after a failure the policy says what follows.
/// A record is completed only when its handler has succeeded or its dead letter is acknowledged.
/// </summary>
internal sealed class RecordProcessor(
    TopicEndpoint endpoint,
    RecordHandler handler,
    FailurePolicy policy,
    DeadLetters deadLetters,
    EndpointObservers observers,
    TimeProvider time,
    ILogger logger)
{
    private int _partitions;

    public TopicEndpoint Endpoint => endpoint;

    public EndpointTally Tally { get; } = new(time);

    /// <summary>The topic has, and its dead-letter topic was given, so many partitions.</summary>
    public void HasPartitions(int count) => _partitions = count;

    /// <summary>Of a partition that the topic was given later, the first dead letter must not be what finds that its place is missing. Poll thread.</summary>
    public void Assigned(PartitionAssignment partition, BackgroundWork work)
    {
        var number = partition.Partition.Partition.Value;
        if (endpoint.HasDeadLetters && number >= _partitions)
        {
            _partitions = number + 1;
            work.Run($"Adding partitions to '{endpoint.DeadLetterTopic}'", stopping => deadLetters.EnsureTopicAsync(endpoint, stopping), OnFailure.Restart(), partition.Cancellation);
        }
    }

    /// <summary>The clock of its records.</summary>
    public long Timestamp => time.GetTimestamp();

    /// <returns>Null when the record is done or its epoch is over.</returns>
    public async ValueTask<TryLater?> ProcessAsync(InFlightRecord record, PartitionAssignment partition)
    {
        if (record.GivenUp is null)
        {
            record.HasFailed = false;
            var exception = await TryHandleAsync(record.Context, partition.Cancellation).ConfigureAwait(false);
            if (exception is null)
            {
                record.Complete();
                return null;
            }

            record.HasFailed = true;
            if (partition.Cancellation.IsCancellationRequested)
            {
                return null;
            }

            if (Follow(record, partition, exception, Judge(record, exception)) is { } later)
            {
                return later;
            }
        }

        return await DeadLetterAsync(record, partition).ConfigureAwait(false);
    }

    /// <summary>
    /// What is thrown beside the handler (by a predicate of the failure policy, a property of an exception) counts as a failure of the record itself:
    /// it is retried, dead-lettered or held, and never ends the lane. Calls no code of the user's.
    /// </summary>
    public TryLater? Recover(InFlightRecord record, PartitionAssignment partition, Exception fault)
    {
        if (record.IsDone || partition.Cancellation.IsCancellationRequested)
        {
            return null;
        }

        return record.GivenUp is not null
            ? LetterNotWritten(record, partition, fault)
            : Follow(record, partition, fault, policy.DecideForRecord(record.Failures)) ?? new TryLater(TimeSpan.Zero, null);
    }

    private async ValueTask<Exception?> TryHandleAsync(RecordContext context, CancellationToken cancellationToken)
    {
        var activity = observers.Start(context);
        var started = Stopwatch.GetTimestamp();
        Exception? failure = null;
        try
        {
            await handler(context, cancellationToken).ConfigureAwait(false);
            Tally.CountHandled();
        }
        catch (Exception exception)
        {
            // Whatever it is goes to the policy, which never drops a record.
            failure = exception;
        }

        observers.Ended(activity, started, failure);
        return failure;
    }

    private FailureAction Judge(InFlightRecord record, Exception exception)
    {
        try
        {
            return policy.Decide(exception, record.Failures);
        }
        catch (Exception fault)
        {
            throw new AggregateException("The failure could not be classified: what decides whether it is transient threw an exception itself.", exception, fault);
        }
    }

    /// <returns>Null when the record is given up and to be dead-lettered.</returns>
    private TryLater? Follow(InFlightRecord record, PartitionAssignment partition, Exception exception, FailureAction action)
    {
        record.Failures = action.History;
        observers.Failed();
        Tally.CountFailed(record.Context, exception);
        switch (action.Step)
        {
            case FailureStep.Retry:
                return Retry(record, action, exception);
            case FailureStep.Hold:
                return HoldForGood(record, partition, exception);
            default:
                record.GivenUp = exception;
                return null;
        }
    }

    private TryLater Retry(InFlightRecord record, FailureAction action, Exception exception)
    {
        var context = record.Context;
        observers.Retried();
        Tally.CountRetried();
        context.Attempt++;
        if (action.Cause == FailureCause.Record)
        {
            Log.RecordRetried(logger, exception, context.Topic, context.Partition, context.Offset, context.Group, context.Attempt, action.Delay);
            return new TryLater(action.Delay, null);
        }

        Log.DependencyAway(logger, exception, context.Topic, context.Partition, context.Offset, context.Group, context.Attempt, action.Delay);
        return new TryLater(action.Delay, $"{Place(context)} waits for a dependency, attempt {context.Attempt}: {ExceptionText.Message(exception)}");
    }

    private TryLater HoldForGood(InFlightRecord record, PartitionAssignment partition, Exception exception)
    {
        var context = record.Context;
        Log.PartitionHeld(logger, exception, context.Topic, context.Partition, context.Offset, context.Group);
        partition.Hold(record, $"{Place(context)} cannot be handled ({exception.GetType().Name}: {ExceptionText.Message(exception)}) and its endpoint has no .DeadLetter(). " +
            "Correct the handler, or add .DeadLetter(), and restart.");
        return new TryLater(Timeout.InfiniteTimeSpan, null);
    }

    private async ValueTask<TryLater?> DeadLetterAsync(InFlightRecord record, PartitionAssignment partition)
    {
        var (context, reason) = (record.Context, record.GivenUp!);
        try
        {
            await deadLetters.WriteAsync(endpoint, context, reason, partition.Cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (partition.Cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception)
        {
            return LetterNotWritten(record, partition, exception);
        }

        record.Complete();
        partition.Release(record);
        Tally.CountDeadLettered();
        observers.DeadLettered();
        Log.DeadLettered(logger, reason, context.Topic, context.Partition, context.Offset, endpoint.DeadLetterTopic, context.Attempt);
        return null;
    }

    /// <summary>Neither skipped nor lost: the partition is held until the letter is written.</summary>
    private TryLater LetterNotWritten(InFlightRecord record, PartitionAssignment partition, Exception exception)
    {
        var context = record.Context;
        Tally.Note(context, exception);
        record.Failures = record.Failures with { Transient = record.Failures.Transient + 1 };
        var delay = policy.DependencyDelay(record.Failures.Transient);
        partition.Hold(record, $"{Place(context)} cannot be written to '{endpoint.DeadLetterTopic}': {ExceptionText.Message(exception)}");
        Log.DeadLetterNotWritten(logger, exception, endpoint.DeadLetterTopic, context.Topic, context.Partition, context.Offset, delay);
        return new TryLater(delay, null);
    }

    private static string Place(RecordContext context) => $"{context.Topic}[{context.Partition}] at offset {context.Offset}";
}
