using System.Diagnostics;
using System.Text;
using Garam.Messaging.Producing;

namespace Garam.Messaging.Telemetry;

/// <summary>W3C trace context in record headers: a trace goes on from whoever wrote a record to whoever handles it.</summary>
internal static class TraceHeaders
{
    private const string Parent = "traceparent";
    private const string State = "tracestate";

    /// <summary>The headers that carry <paramref name="activity"/>, unless the record carries a trace already (it is forwarded).</summary>
    public static IEnumerable<RecordHeader> For(Activity? activity, IReadOnlyList<RecordHeader> headers)
    {
        if (activity is not { IdFormat: ActivityIdFormat.W3C, Id: { } id } || headers.Any(header => header.Name == Parent))
        {
            yield break;
        }

        yield return RecordHeader.Text(Parent, id);
        if (!string.IsNullOrEmpty(activity.TraceStateString))
        {
            yield return RecordHeader.Text(State, activity.TraceStateString);
        }
    }

    /// <summary>The context that a record carries; the default one when it has none or something that is none.</summary>
    public static ActivityContext Read(IReadOnlyList<RecordHeader> headers)
    {
        string? parent = null, state = null;
        foreach (var header in headers)
        {
            if (header.Value is { Length: <= 512 } value)
            {
                parent = header.Name == Parent ? Encoding.UTF8.GetString(value.Span) : parent;
                state = header.Name == State ? Encoding.UTF8.GetString(value.Span) : state;
            }
        }

        return ActivityContext.TryParse(parent, state, isRemote: true, out var context) ? context : default;
    }

    /// <summary>
    /// The trace of a record goes on in what its handler writes, also where nobody collects spans: by it a record is found again in the next topic. Null: there is
    /// none to go on with.
    /// </summary>
    public static Activity? Forward(ActivityContext parent)
    {
        if (parent.TraceId == default)
        {
            return null;
        }

        var activity = new Activity("process").SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags);
        activity.TraceStateString = parent.TraceState;
        return activity.Start();
    }
}
