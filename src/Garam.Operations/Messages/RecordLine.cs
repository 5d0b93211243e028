using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Confluent.Kafka;
using Garam.Messaging.Producing;

namespace Garam.Operations.Messages;

/// <summary>
/// A record as one line of JSON, written by <c>consume</c> and read by <c>produce</c> without loss. A key, value or header is text where its bytes
/// are UTF-8 (<c>"value"</c>), base64 where they are not (<c>"valueB64"</c>), and neither where it is null, which is what a tombstone is.
/// </summary>
public sealed record RecordLine
{
    public string? Topic { get; init; }

    public int? Partition { get; init; }

    public long? Offset { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    public long? Timestamp { get; init; }

    public string? Key { get; init; }

    [JsonPropertyName("keyB64")]
    public byte[]? KeyBytes { get; init; }

    public string? Value { get; init; }

    [JsonPropertyName("valueB64")]
    public byte[]? ValueBytes { get; init; }

    public IReadOnlyList<HeaderLine>? Headers { get; init; }

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // Data for a terminal or a file, never for a web page: Korean stays readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>A record as the client gives it.</summary>
    public static RecordLine From(ConsumeResult<byte[]?, byte[]?> record) => From(StoredRecord.From(record));

    public static RecordLine From(StoredRecord record) =>
        Of(record.Key, record.Value, record.Headers) with { Topic = record.Topic, Partition = record.Partition, Offset = record.Offset, Timestamp = record.TimestampMs };

    /// <summary>A record that is to be written.</summary>
    public static RecordLine From(NewRecord record) => Of(record.Key, record.Value, record.Headers) with { Partition = record.Partition, Timestamp = record.TimestampMs };

    private static RecordLine Of(byte[]? keyBytes, byte[]? valueBytes, IReadOnlyList<RecordHeader> headers)
    {
        var (key, value) = (TextOrBytes(keyBytes), TextOrBytes(valueBytes));
        return new RecordLine
        {
            Key = key.Text,
            KeyBytes = key.Bytes,
            Value = value.Text,
            ValueBytes = value.Bytes,
            Headers = headers.Count > 0 ? [.. headers.Select(HeaderLine.From)] : null,
        };
    }

    /// <exception cref="FormatException">The line is not such a document; the message says where it is wrong.</exception>
    public static RecordLine Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<RecordLine>(line, Json) ?? throw new FormatException("the line is null: write an object with \"key\" and \"value\".");
        }
        catch (JsonException exception)
        {
            throw new FormatException(exception.Message, exception);
        }
    }

    public override string ToString() => JsonSerializer.Serialize(this, Json);

    /// <summary>The record to produce. Its own partition and offset belong to where it came from, and are left there.</summary>
    public Message<byte[]?, byte[]?> ToMessage()
    {
        var message = new Message<byte[]?, byte[]?> { Key = Bytes(Key, KeyBytes), Value = Bytes(Value, ValueBytes), Headers = new Headers() };
        if (Timestamp is { } time)
            message.Timestamp = new Timestamp(time, TimestampType.CreateTime);
        foreach (var header in Headers ?? [])
            message.Headers.Add(header.Key, Bytes(header.Value, header.ValueBytes));
        return message;
    }

    internal static (string? Text, byte[]? Bytes) TextOrBytes(byte[]? bytes)
    {
        try
        {
            return (bytes is null ? null : Strict.GetString(bytes), null);
        }
        catch (DecoderFallbackException)
        {
            return (null, bytes);
        }
    }

    private static byte[]? Bytes(string? text, byte[]? bytes) => bytes ?? (text is null ? null : Encoding.UTF8.GetBytes(text));
}

/// <summary>A header of a <see cref="RecordLine"/>. Names may repeat, and their order counts.</summary>
public sealed record HeaderLine(string Key)
{
    public string? Value { get; init; }

    [JsonPropertyName("valueB64")]
    public byte[]? ValueBytes { get; init; }

    public static HeaderLine From(RecordHeader header)
    {
        var (text, bytes) = RecordLine.TextOrBytes(header.Value?.ToArray());
        return new HeaderLine(header.Name) { Value = text, ValueBytes = bytes };
    }
}
