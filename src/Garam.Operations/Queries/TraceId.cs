using Garam.Operations.Messages;

namespace Garam.Operations.Queries;

/// <summary>The trace that a record belongs to, as its <c>traceparent</c> header says: <c>00-TRACE ID-SPAN ID-FLAGS</c>.</summary>
internal static class TraceId
{
    private const int Length = 32;

    /// <summary>32 hexadecimal digits in lower case; null where there is no such header, or one that is none.</summary>
    public static string? Of(StoredRecord record)
    {
        foreach (var header in record.Headers)
        {
            if (header is { Name: "traceparent", Value: { Length: >= 55 and <= 512 } value } && value.Span[2] == '-' && value.Span[35] == '-')
            {
                var trace = value.Span.Slice(3, Length);
                if (trace.ContainsAnyExcept("0123456789abcdef"u8) || !trace.ContainsAnyExcept((byte)'0'))
                    return null;
                return System.Text.Encoding.ASCII.GetString(trace);
            }
        }

        return null;
    }
}
