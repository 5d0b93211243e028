using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Garam.Messaging.Failures;
using Garam.Messaging.Producing;

namespace Garam.Operations.DeadLetters;

/// <summary>
/// How one framework writes into headers what became of a record: a row of the table <see cref="Known"/>. A framework is known by the header that
/// names the source topic, which each of them writes.
/// </summary>
/// <param name="Name">As it is shown.</param>
/// <param name="Prefixes">Headers that begin so are the framework's and not the record's.</param>
/// <param name="Topic">Name of the header that holds the source topic.</param>
/// <param name="Partition">The source partition.</param>
/// <param name="Offset">The source offset.</param>
/// <param name="Exception">Type of the exception. Several: the first that is there.</param>
/// <param name="Message">Message of the exception.</param>
internal sealed record HeaderConvention(string Name, string[] Prefixes, string Topic, string Partition, string Offset, string[] Exception, string Message)
{
    /// <summary>Where it was thrown; null: not written.</summary>
    public string? Stack { get; init; }

    /// <summary>The consumer group; null: not written.</summary>
    public string? Group { get; init; }

    /// <summary>What is put before that to have the group's name: a connector's group is <c>connect-NAME</c>.</summary>
    public string GroupPrefix { get; init; } = "";

    /// <summary>How often the handler was tried; null: not written.</summary>
    public string? Attempts { get; init; }

    /// <summary>When it was given up (ISO 8601); null: not written.</summary>
    public string? At { get; init; }

    /// <summary>Numbers are big-endian bytes, an int or a long, as Java's ByteBuffer writes them. Default: decimal text.</summary>
    public bool Binary { get; init; }

    /// <summary>Those that we can read, the one that is looked for first before the others.</summary>
    public static readonly IReadOnlyList<HeaderConvention> Known =
    [
        new("garam", [DeadLetterHeaders.Prefix, RedriveHeaders.Prefix], DeadLetterHeaders.Topic, DeadLetterHeaders.Partition, DeadLetterHeaders.Offset,
            [DeadLetterHeaders.Exception], DeadLetterHeaders.Message)
        {
            Stack = DeadLetterHeaders.Stack,
            Group = DeadLetterHeaders.Group,
            Attempts = DeadLetterHeaders.Attempts,
            At = DeadLetterHeaders.At,
        },

        // The exception itself is nearly always the listener's wrapper: its cause tells more.
        new("spring", ["kafka_dlt-", "kafka_exception-", "retry_topic-"], "kafka_dlt-original-topic", "kafka_dlt-original-partition", "kafka_dlt-original-offset",
            ["kafka_dlt-exception-cause-fqcn", "kafka_dlt-exception-fqcn"], "kafka_dlt-exception-message")
        {
            Stack = "kafka_dlt-exception-stacktrace",
            Group = "kafka_dlt-original-consumer-group",
            Attempts = "retry_topic-attempts",
            Binary = true,
        },
        new("spring-cloud-stream", ["x-original-", "x-exception-"], "x-original-topic", "x-original-partition", "x-original-offset",
            ["x-exception-fqcn"], "x-exception-message")
        {
            Stack = "x-exception-stacktrace",
            Binary = true,
        },
        new("connect", ["__connect.errors."], "__connect.errors.topic", "__connect.errors.partition", "__connect.errors.offset",
            ["__connect.errors.exception.class.name"], "__connect.errors.exception.message")
        {
            Stack = "__connect.errors.exception.stacktrace",
            Group = "__connect.errors.connector.name",
            GroupPrefix = "connect-",
        },
        new("kafka-streams", ["__streams.errors."], "__streams.errors.topic", "__streams.errors.partition", "__streams.errors.offset",
            ["__streams.errors.exception"], "__streams.errors.message")
        {
            Stack = "__streams.errors.stacktrace",
        },
        new("smallrye", ["dead-letter-"], "dead-letter-topic", "dead-letter-partition", "dead-letter-offset",
            ["dead-letter-cause-class-name", "dead-letter-exception-class-name"], "dead-letter-reason"),
    ];

    /// <summary>The one that these headers follow; null: none that we know.</summary>
    public static HeaderConvention? Of(IReadOnlyList<RecordHeader> headers)
    {
        foreach (var convention in Known)
        {
            if (Last(headers, convention.Topic) is not null)
                return convention;
        }

        return null;
    }

    public bool Owns(string header) => Array.Exists(Prefixes, prefix => header.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The value of the last header of that name, as text; null: there is none, or it has no value.</summary>
    public static string? Text(IReadOnlyList<RecordHeader> headers, string? name) =>
        name is not null && Last(headers, name) is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;

    /// <summary>The value as a number that is not negative; null where it is none: whoever can write a record can write anything.</summary>
    public long? Number(IReadOnlyList<RecordHeader> headers, string? name)
    {
        if (name is null || Last(headers, name) is not { } bytes)
            return null;
        var number = (Binary, bytes.Length) switch
        {
            (true, sizeof(int)) => BinaryPrimitives.ReadInt32BigEndian(bytes.Span),
            (true, sizeof(long)) => BinaryPrimitives.ReadInt64BigEndian(bytes.Span),
            _ => long.TryParse(bytes.Span, NumberStyles.None, CultureInfo.InvariantCulture, out var text) ? text : -1,
        };
        return number < 0 ? null : number;
    }

    // The last: a record that failed twice was given the headers of the second failure behind those of the first.
    private static ReadOnlyMemory<byte>? Last(IReadOnlyList<RecordHeader> headers, string name)
    {
        for (var at = headers.Count - 1; at >= 0; at--)
        {
            if (headers[at].Name == name)
                return headers[at].Value;
        }

        return null;
    }
}
