using Garam.Operations.Messages;

namespace Garam.Operations.Queries;

/// <summary>Where text is looked for.</summary>
[Flags]
internal enum TextPlaces
{
    Key = 1,
    Value = 2,
    Headers = 4,
    Everywhere = Key | Value | Headers,
}

/// <summary>Text that occurs somewhere, whatever its case. Pieces (<c>one*two</c>) follow each other in the same key, value or header.</summary>
internal sealed class TextCondition(TextPlaces places, IReadOnlyList<string> pieces) : Condition
{
    private readonly TextNeedle[] _needles = [.. pieces.Select(piece => new TextNeedle(piece))];

    public override bool Matches(StoredRecord record) =>
        (places.HasFlag(TextPlaces.Key) && record.Key is { } key && IsIn(key))
        || (places.HasFlag(TextPlaces.Value) && record.Value is { } value && IsIn(value))
        || (places.HasFlag(TextPlaces.Headers) && record.Headers.Count > 0 && IsInHeaders(record));

    private bool IsInHeaders(StoredRecord record)
    {
        foreach (var header in record.Headers)
        {
            if (IsIn(System.Text.Encoding.UTF8.GetBytes(header.Name)) || (header.Value is { } value && IsIn(value.Span)))
                return true;
        }

        return false;
    }

    private bool IsIn(ReadOnlySpan<byte> text)
    {
        foreach (var needle in _needles)
        {
            var end = needle.FindEnd(text);
            if (end < 0)
                return false;
            text = text[end..];
        }

        return true;
    }
}
