using System.Buffers;
using System.Text;
using System.Text.Json;
using Garam.Operations.Messages;

namespace Garam.Operations.Queries;

/// <summary>
/// A field of a JSON value, found by walking its tokens: nothing is materialised, no number is converted. Arrays on the way stand for any of their elements. A value
/// that is no JSON has no fields.
/// </summary>
internal sealed class JsonCondition(IReadOnlyList<string> path, ValueTest test) : Condition
{
    private const int Deepest = 128;

    private readonly byte[][] _path = [.. path.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The name that is looked for last, as it stands in a document that escapes nothing.</summary>
    private readonly byte[] _lastName = Encoding.UTF8.GetBytes($"\"{path[^1]}\"");

    public override bool Matches(StoredRecord record)
    {
        if (record.Value is not { } value || !MayHold(value))
            return false;
        var json = value.AsSpan().StartsWith("\uFEFF"u8) ? value.AsSpan(3) : value;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Deepest });
        try
        {
            return reader.Read() && Find(ref reader, 0);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)          // no JSON; a string that is no Unicode
        {
            return false;
        }
    }

    // Most records can be told apart by a vector search, many times faster than by their tokens; and what is plainly no JSON must not cost an exception.
    private bool MayHold(ReadOnlySpan<byte> value) =>
        value.IndexOfAny((byte)'{', (byte)'[') >= 0 && (value.IndexOf(_lastName) >= 0 || value.Contains((byte)'\\'));

    /// <summary>Looks at the value that the reader stands at, and leaves the reader at its last token unless it is found.</summary>
    private bool Find(ref Utf8JsonReader reader, int depth) => reader.TokenType switch
    {
        JsonTokenType.StartArray => FindInArray(ref reader, depth),
        JsonTokenType.StartObject when depth < _path.Length => FindInObject(ref reader, depth),
        JsonTokenType.StartObject => test.IsExistence || Skip(ref reader),
        _ => depth == _path.Length && Test(ref reader),
    };

    private bool FindInArray(ref Utf8JsonReader reader, int depth)
    {
        if (test.IsExistence && depth == _path.Length)
            return true;
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            if (Find(ref reader, depth))
                return true;
        }

        return false;
    }

    private bool FindInObject(ref Utf8JsonReader reader, int depth)
    {
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var isNext = reader.ValueTextEquals(_path[depth]);
            reader.Read();
            if (isNext ? Find(ref reader, depth + 1) : Skip(ref reader))
                return true;
        }

        return false;
    }

    private static bool Skip(ref Utf8JsonReader reader)
    {
        reader.Skip();
        return false;
    }

    private bool Test(ref Utf8JsonReader reader) => test.IsExistence
        || (reader.TokenType is not JsonTokenType.String ? test.Literal(reader.ValueSpan)
        : reader.ValueIsEscaped ? TestUnescaped(ref reader)
        : test.Text(reader.ValueSpan));

    private bool TestUnescaped(ref Utf8JsonReader reader)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            return test.Text(buffer.AsSpan(0, reader.CopyString(buffer)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
