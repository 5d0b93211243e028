using System.Text;
using System.Text.Json;

namespace Garam.Messaging.Producing;

/// <summary>A record to be written.</summary>
/// <param name="Topic">Name of an existing topic.</param>
/// <param name="Key">Decides the partition, and with it the order; null: any partition.</param>
/// <param name="Value">Payload; null: a tombstone, by which a compacted topic forgets the key.</param>
/// <remarks>
/// The bytes must not change until the record is acknowledged. Beware of a <c>byte[]</c> that may be null: C# makes an empty memory
/// of it, which is no tombstone; <see cref="RecordBytes.OrNull"/> keeps the null.
/// </remarks>
public sealed record ProducerRecord(string Topic, ReadOnlyMemory<byte>? Key, ReadOnlyMemory<byte>? Value)
{
    private readonly ReadOnlyMemory<byte>? _value = Value;
    private readonly (object? Payload, Type Type)? _json;

    /// <summary>Payload; null: a tombstone, by which a compacted topic forgets the key.</summary>
    public ReadOnlyMemory<byte>? Value
    {
        get => ValueBy(RecordJson.Options);
        init => (_value, _json) = (value, null);
    }

    /// <summary>Headers in their order; names may repeat. Default none.</summary>
    public IReadOnlyList<RecordHeader> Headers { get; init; } = [];

    /// <summary>Partition, from 0. Default null: chosen by the key's hash (murmur2, as the Java client does).</summary>
    public int? Partition { get; init; }

    /// <summary>Time of the event. Default null: now.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The time in milliseconds since 1970, where it must be exact though a <see cref="DateTimeOffset"/> cannot hold it.</summary>
    internal long? TimestampMilliseconds { get; init; }

    /// <summary>A record with a text key (UTF-8) and a JSON payload, which must not change until the record is acknowledged.</summary>
    /// <param name="topic">Name of an existing topic.</param>
    /// <param name="key">Decides the partition, and with it the order; null: any partition.</param>
    /// <param name="value">Payload.</param>
    /// <param name="options">
    /// How it is serialised, at once. Default: by <see cref="MessagingOptions.Json"/> of the producer that it is given to, as its handlers read it;
    /// <see cref="Value"/> then shows it by <see cref="RecordJson.Options"/>.
    /// </param>
    public static ProducerRecord Json<T>(string topic, string? key, T value, JsonSerializerOptions? options = null) => options is null
        ? new(topic, Text(key), (value, typeof(T)))
        : new(topic, Text(key), JsonSerializer.SerializeToUtf8Bytes(value, options));

    /// <summary>The payload; JSON that was given as an object is serialised by <paramref name="json"/>.</summary>
    internal ReadOnlyMemory<byte>? ValueBy(JsonSerializerOptions json) =>
        _json is { } payload ? JsonSerializer.SerializeToUtf8Bytes(payload.Payload, payload.Type, json) : _value;

    private ProducerRecord(string topic, ReadOnlyMemory<byte>? key, (object? Payload, Type Type) json)
        : this(topic, key, Value: null) => _json = json;

    private static ReadOnlyMemory<byte>? Text(string? text) => RecordBytes.OrNull(text is null ? null : Encoding.UTF8.GetBytes(text));
}

/// <summary>Bytes that may be absent.</summary>
public static class RecordBytes
{
    /// <summary>Null stays null.</summary>
    public static ReadOnlyMemory<byte>? OrNull(byte[]? bytes) => bytes is null ? default(ReadOnlyMemory<byte>?) : bytes;
}

/// <summary>A header of a record: a name and bytes. A null value and an empty one are different things.</summary>
/// <param name="Name">Name; may occur more than once in a record.</param>
/// <param name="Value">Bytes, or null.</param>
public readonly record struct RecordHeader(string Name, ReadOnlyMemory<byte>? Value)
{
    /// <summary>A header with a text value (UTF-8).</summary>
    public static RecordHeader Text(string name, string value) => new(name, Encoding.UTF8.GetBytes(value));

    /// <summary>The value read as UTF-8; null when there is none.</summary>
    public string? AsText() => Value is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;
}
