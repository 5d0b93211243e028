using System.Globalization;

namespace Garam.Kafka.Generator.Schema;

/// <summary>Reads one field: <c>name type[?[VERSIONS]] [VERSIONS] [tag N] [= DEFAULT]</c>.</summary>
internal static class FieldParser
{
    /// <param name="line">The field's line.</param>
    /// <param name="within">The versions of the structure that the field stands in; they are the field's own unless it says less.</param>
    /// <param name="flexible">The message's flexible versions: tags exist only there.</param>
    public static FieldSpec Parse(SchemaLine line, VersionRange within, VersionRange flexible)
    {
        if (line.Words.Count < 2)
        {
            throw new SchemaException(line.Number, "a field is written 'name type [VERSIONS] [tag N] [= DEFAULT]'");
        }
        var versions = within;
        int? tag = null;
        string? @default = null;
        for (var i = 2; i < line.Words.Count; i++)
        {
            var word = line.Words[i];
            switch (word)
            {
                case "tag" when tag is null:
                    tag = Tag(line, ++i);
                    break;
                case "=" when @default is null:
                    @default = Argument(line, ++i, "a default");
                    break;
                default:
                    versions = Range(line, word, within);
                    break;
            }
        }
        if (tag is not null && !flexible.Contains(versions))
        {
            throw new SchemaException(line.Number, "a tagged field needs versions that are flexible");
        }
        var (type, isArray, nullable) = Type(line, versions, tag is not null);
        return new FieldSpec(line.Words[0], type, versions, line.Number)
        {
            IsArray = isArray,
            Nullable = nullable,
            Tag = tag,
            Default = @default is null ? null : Default(line, @default, type, isArray, nullable),
            Comment = line.Comment,
        };
    }

    private static (FieldType Type, bool IsArray, VersionRange Nullable) Type(SchemaLine line, VersionRange versions, bool isTagged)
    {
        var word = line.Words[1];
        var mark = word.IndexOf('?');
        var name = mark < 0 ? word : word.Substring(0, mark);
        var nullable = mark < 0 ? VersionRange.None
            : mark == word.Length - 1 ? versions
            : Range(line, word.Substring(mark + 1), versions);
        var isArray = name.StartsWith("[", StringComparison.Ordinal) && name.EndsWith("]", StringComparison.Ordinal);
        var element = isArray ? name.Substring(1, name.Length - 2) : name;
        if (element.Length == 0 || !element.All(char.IsLetterOrDigit))
        {
            throw new SchemaException(line.Number, $"'{word}' is no type: write int32, [int32], string?, [Structure]?3+");
        }
        var type = FieldType.Primitive(element) ?? FieldType.Struct(element);
        if (!nullable.IsEmpty && !isArray && type.Size > 0)
        {
            throw new SchemaException(line.Number, $"a {element} cannot be null");
        }
        if (!nullable.IsEmpty && isTagged && type.IsStruct && !isArray)
        {
            throw new SchemaException(line.Number, "a structure in a tagged field is left out when it is null: drop the '?'");
        }
        return (type, isArray, nullable);
    }

    private static string Default(SchemaLine line, string text, FieldType type, bool isArray, VersionRange nullable)
    {
        var fits = text == "null" ? !nullable.IsEmpty
            : !isArray && type.Name switch
            {
                "bool" => text is "true" or "false",
                "int8" or "int16" or "int32" or "int64" => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
                "uint16" or "uint32" => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _),
                _ => false,
            };
        return fits ? text : throw new SchemaException(line.Number, $"'{text}' is no default for a field of type {line.Words[1]}");
    }

    private static int Tag(SchemaLine line, int at) =>
        int.TryParse(Argument(line, at, "a tag"), NumberStyles.None, CultureInfo.InvariantCulture, out var tag)
            ? tag
            : throw new SchemaException(line.Number, $"'{line.Words[at]}' is no tag: write a number from 0");

    private static string Argument(SchemaLine line, int at, string what) =>
        at < line.Words.Count ? line.Words[at] : throw new SchemaException(line.Number, $"the line ends where {what} belongs");

    private static VersionRange Range(SchemaLine line, string text, VersionRange within)
    {
        var range = VersionRange.TryParse(text, within.Last)
            ?? throw new SchemaException(line.Number, $"'{text}' is no range of versions: write 3, 3-5 or 3+");
        return within.Contains(range) && !range.IsEmpty
            ? range
            : throw new SchemaException(line.Number, $"versions {text} reach beyond {within.First}-{within.Last}, those of what surrounds them");
    }
}
