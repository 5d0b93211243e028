using System.Diagnostics;
using Garam.Background;
using Garam.Messaging.Endpoints;

namespace Garam.Messaging.Telemetry;

/// <summary>
/// Tells those who listen to metrics and traces what happens at one endpoint. They are called where it happens, on the path of every record: one that throws
/// shows in health, and changes nothing about the record.
/// </summary>
internal sealed class EndpointObservers(TopicEndpoint endpoint, MessagingTelemetry telemetry, BackgroundWork work)
{
    private readonly string _name = $"Listeners to metrics and traces of topic '{endpoint.Topic}' in group '{endpoint.Group.Name}'";
    private readonly KeyValuePair<string, object?>[] _tags =
    [
        new("messaging.consumer.group.name", endpoint.Group.Name),
        new("messaging.destination.name", endpoint.Topic),
    ];

    private bool _failing;

    /// <summary>An attempt begins.</summary>
    public Activity? Start(RecordContext context)
    {
        try
        {
            return StartActivity(context);
        }
        catch (Exception exception)
        {
            NoteFailure(exception);
            return null;
        }
    }

    /// <summary>An attempt has ended.</summary>
    /// <param name="activity">What <see cref="Start"/> returned.</param>
    /// <param name="started">By <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <param name="failure">Null: the record was handled.</param>
    public void Ended(Activity? activity, long started, Exception? failure)
    {
        try
        {
            using (activity)
            {
                telemetry.Duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, _tags);
                if (failure is null)
                {
                    telemetry.Handled.Add(1, _tags);
                }
                else
                {
                    activity?.SetStatus(ActivityStatusCode.Error, ExceptionText.Message(failure));
                }
            }

            NoteSuccess();
        }
        catch (Exception exception)
        {
            NoteFailure(exception);
        }
    }

    public void Failed() => Observe(() => telemetry.Failed.Add(1, _tags));

    public void Retried() => Observe(() => telemetry.Retried.Add(1, _tags));

    public void DeadLettered() => Observe(() => telemetry.DeadLettered.Add(1, _tags));

    private void Observe(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception exception)
        {
            NoteFailure(exception);
        }
    }

    // Told once and not for every record, until they have recovered.
    private void NoteFailure(Exception exception)
    {
        if (!Interlocked.Exchange(ref _failing, true))
        {
            work.Failed(_name, exception);
        }
    }

    private void NoteSuccess()
    {
        if (Volatile.Read(ref _failing))
        {
            work.Recovered(_name);
            Volatile.Write(ref _failing, false);
        }
    }

    private static Activity? StartActivity(RecordContext context)
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
}
