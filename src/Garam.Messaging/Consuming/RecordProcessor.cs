using System.Diagnostics;
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
    MessagingTelemetry telemetry,
    TimeProvider time,
    ILogger logger)
{
    private readonly KeyValuePair<string, object?>[] _tags =
    [
        new("messaging.consumer.group.name", endpoint.Group.Name),
        new("messaging.destination.name", endpoint.Topic),
    ];

    public TopicEndpoint Endpoint => endpoint;

    public EndpointTally Tally { get; } = new(time);

    /// <summary>The clock of its records.</summary>
    public long Timestamp => time.GetTimestamp();

    /// <returns>Null when the record is done or its epoch is over.</returns>
    public async ValueTask<TryLater?> ProcessAsync(InFlightRecord record, PartitionAssignment partition)
    {
        if (record.GivenUp is null)
        {
            var exception = await TryHandleAsync(record.Context, partition.Cancellation).ConfigureAwait(false);
            if (exception is null)
            {
                record.Complete();
                return null;
            }

            if (partition.Cancellation.IsCancellationRequested)
            {
                return null;
            }

            var action = Judge(record, exception);
            if (action.Step == FailureStep.Retry)
            {
                return Retry(record, action, exception);
            }

            if (action.Step == FailureStep.Hold)
            {
                return HoldForGood(record, partition, exception);
            }

            record.GivenUp = exception;
        }

        return await DeadLetterAsync(record, partition).ConfigureAwait(false);
    }

    private async ValueTask<Exception?> TryHandleAsync(RecordContext context, CancellationToken cancellationToken)
    {
        using var activity = StartActivity(context);
        var started = Stopwatch.GetTimestamp();
        try
        {
            await handler(context, cancellationToken).ConfigureAwait(false);
            telemetry.Handled.Add(1, _tags);
            Tally.CountHandled();
            return null;
        }
        catch (Exception exception)
        {
            // Whatever it is goes to the policy, which never drops a record.
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            return exception;
        }
        finally
        {
            telemetry.Duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, _tags);
        }
    }

    private FailureAction Judge(InFlightRecord record, Exception exception)
    {
        var action = policy.Decide(exception, record.Failures);
        record.Failures = action.History;
        telemetry.Failed.Add(1, _tags);
        Tally.CountFailed(record.Context, exception);
        return action;
    }

    private TryLater Retry(InFlightRecord record, FailureAction action, Exception exception)
    {
        var context = record.Context;
        telemetry.Retried.Add(1, _tags);
        Tally.CountRetried();
        context.Attempt++;
        if (action.Cause == FailureCause.Record)
        {
            Log.RecordRetried(logger, exception, context.Topic, context.Partition, context.Offset, context.Group, context.Attempt, action.Delay);
            return new TryLater(action.Delay, null);
        }

        Log.DependencyAway(logger, exception, context.Topic, context.Partition, context.Offset, context.Group, context.Attempt, action.Delay);
        return new TryLater(action.Delay, $"{Place(context)} waits for a dependency, attempt {context.Attempt}: {exception.Message}");
    }

    private TryLater HoldForGood(InFlightRecord record, PartitionAssignment partition, Exception exception)
    {
        var context = record.Context;
        Log.PartitionHeld(logger, exception, context.Topic, context.Partition, context.Offset, context.Group);
        partition.Hold(record, $"{Place(context)} cannot be handled ({exception.GetType().Name}: {exception.Message}) and its endpoint has no .DeadLetter(). " +
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
            // Neither skipped nor lost: the partition stands until the letter is written.
            Tally.Note(context, exception);
            record.Failures = record.Failures with { Transient = record.Failures.Transient + 1 };
            var delay = policy.DependencyDelay(record.Failures.Transient);
            Log.DeadLetterNotWritten(logger, exception, endpoint.DeadLetterTopic, context.Topic, context.Partition, context.Offset, delay);
            partition.Hold(record, $"{Place(context)} cannot be written to '{endpoint.DeadLetterTopic}': {exception.Message}");
            return new TryLater(delay, null);
        }

        Log.DeadLettered(logger, reason, context.Topic, context.Partition, context.Offset, endpoint.DeadLetterTopic, context.Attempt);
        telemetry.DeadLettered.Add(1, _tags);
        Tally.CountDeadLettered();
        record.Complete();
        partition.Release(record);
        return null;
    }

    private Activity? StartActivity(RecordContext context)
    {
        var parent = TraceHeaders.Read(context.Headers);
        if (!MessagingTelemetry.Activities.HasListeners())
        {
            return TraceHeaders.Forward(parent);
        }

        var activity = MessagingTelemetry.Activities.StartActivity($"process {context.Topic}", ActivityKind.Consumer, parent) ?? TraceHeaders.Forward(parent);
        return activity?.SetTag("messaging.system", "kafka")
            .SetTag("messaging.destination.name", context.Topic)
            .SetTag("messaging.consumer.group.name", context.Group)
            .SetTag("messaging.destination.partition.id", context.Partition)
            .SetTag("messaging.kafka.offset", context.Offset);
    }

    private static string Place(RecordContext context) => $"{context.Topic}[{context.Partition}] at offset {context.Offset}";
}
