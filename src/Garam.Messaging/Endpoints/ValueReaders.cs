using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Garam.Background;
using Garam.Messaging.Failures;

namespace Garam.Messaging.Endpoints;

/// <summary>Reads a parameter's value out of a record's bytes.</summary>
/// <param name="bytes">The bytes; null where the record has none.</param>
internal delegate T? ValueReader<out T>(ReadOnlyMemory<byte>? bytes);

/// <summary>Makes readers: chosen once by the parameter's type, called for each record.</summary>
internal static class ValueReaders
{
    // Bytes that are not UTF-8 are an error, not question marks.
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>A record's value: bytes and text as they are, everything else as JSON.</summary>
    public static ValueReader<T> ForPayload<T>(string parameter, bool nullable, JsonSerializerOptions json)
    {
        var read = Plain<T>() ?? Json((JsonTypeInfo<T>)json.GetTypeInfo(typeof(T)));
        var remedy = $"to handle it, make the parameter '{parameter}' nullable.";
        return Checked(read, nullable, $"The record is a tombstone (it has no value): {remedy}", $"The record's value is the JSON text null: {remedy}");
    }

    /// <summary>A key or header: bytes, text, or what parses from text. Null when the type cannot be read.</summary>
    public static ValueReader<T>? ForText<T>(string what, bool nullable)
    {
        var read = Plain<T>() ?? Parsed<T>();
        var absent = $"The record has no {what}, or its value is null: to handle that, make the parameter nullable.";
        return read is null ? null : Checked(read, nullable, absent, absent);
    }

    private static ValueReader<T> Checked<T>(Func<ReadOnlyMemory<byte>, T?> read, bool nullable, string absent, string isNull) => bytes =>
    {
        var value = bytes is { } present ? read(present) : default;
        return nullable || (bytes is not null && value is not null) ? value : throw new UndecodableRecordException(bytes is null ? absent : isNull);
    };

    private static Func<ReadOnlyMemory<byte>, T?>? Plain<T>()
    {
        if (typeof(T) == typeof(ReadOnlyMemory<byte>) || typeof(T) == typeof(ReadOnlyMemory<byte>?))
        {
            return bytes => (T)(object)bytes;
        }

        if (typeof(T) == typeof(byte[]))
        {
            return bytes => (T)(object)bytes.ToArray();
        }

        return typeof(T) == typeof(string) ? bytes => (T)(object)Text(bytes) : null;
    }

    private static Func<ReadOnlyMemory<byte>, T?> Json<T>(JsonTypeInfo<T> type) => bytes =>
    {
        try
        {
            // Some producers write a byte order mark, which JSON does not allow and its readers may skip (RFC 8259, section 8.1).
            return JsonSerializer.Deserialize(bytes.Span.StartsWith(ByteOrderMark) ? bytes.Span[ByteOrderMark.Length..] : bytes.Span, type);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new UndecodableRecordException($"The value is not valid JSON for {typeof(T).Name}: {ExceptionText.Message(exception)}", exception);
        }
    };

    private static Func<ReadOnlyMemory<byte>, T?>? Parsed<T>()
    {
        var type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        if (!type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IParsable<>)))
        {
            return null;
        }

        var parse = typeof(ValueReaders).GetMethod(nameof(Parse), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!;
        var typed = parse.MakeGenericMethod(type).CreateDelegate<Func<ReadOnlyMemory<byte>, object>>();
        return bytes => (T)typed(bytes);
    }

    private static object Parse<T>(ReadOnlyMemory<byte> bytes)
        where T : IParsable<T>
    {
        var text = Text(bytes);
        return T.TryParse(text, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new UndecodableRecordException($"'{(text.Length > 100 ? text[..100] : text)}' is not a valid {typeof(T).Name}.");
    }

    private static string Text(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes.Span);
        }
        catch (DecoderFallbackException exception)
        {
            throw new UndecodableRecordException("The bytes are not UTF-8 text.", exception);
        }
    }
}
