using System.Globalization;

namespace Garam.Kafka.Generator.Schema;

/// <summary>
/// Reads a schema file. The notation is described in <c>docs/formats/messages.md</c>.
/// </summary>
internal sealed class SchemaParser
{
    private readonly List<SchemaLine> _lines;
    private readonly string _summary;
    private int _next;

    private SchemaParser(string text) => _lines = SchemaLine.Split(text, out _summary);

    /// <exception cref="SchemaException">The text is not a schema.</exception>
    public static SchemaFile Parse(string text) => new SchemaParser(text).ParseFile();

    private SchemaFile ParseFile()
    {
        ApiSpec? api = null;
        var messages = new List<MessageSpec>();
        while (_next < _lines.Count)
        {
            var line = _lines[_next++];
            switch (line.Words[0])
            {
                case "api" when api is null && messages.Count == 0:
                    api = ParseApi(line);
                    messages.Add(ParsePart(api, "request", "Request"));
                    messages.Add(ParsePart(api, "response", "Response"));
                    break;
                case "message":
                    messages.Add(ParseMessage(line));
                    break;
                default:
                    throw new SchemaException(line.Number, $"'{line.Words[0]}' stands where 'api' (once, first) or 'message' belongs");
            }
        }
        return new SchemaFile(api, messages);
    }

    private static ApiSpec ParseApi(SchemaLine line)
    {
        if (line.Words.Count < 3 || !short.TryParse(line.Words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var key))
        {
            throw new SchemaException(line.Number, "an api is written 'api KEY NAME versions FIRST-LAST [flexible FIRST+]'");
        }
        var (versions, flexible) = ParseVersions(line, 3);
        return new ApiSpec(key, line.Words[2], versions, flexible);
    }

    private MessageSpec ParsePart(ApiSpec api, string word, string suffix)
    {
        var line = _next < _lines.Count ? _lines[_next++] : _lines[_lines.Count - 1];
        if (line.Words[0] != word || line.Words.Count != 1)
        {
            throw new SchemaException(line.Number, $"'{word}', alone on its line, is expected here");
        }
        return ParseBody(api.Name + suffix, api.Versions, api.Flexible);
    }

    private MessageSpec ParseMessage(SchemaLine line)
    {
        if (line.Words.Count < 2)
        {
            throw new SchemaException(line.Number, "a message is written 'message NAME versions FIRST-LAST [flexible FIRST+]'");
        }
        var (versions, flexible) = ParseVersions(line, 2);
        return ParseBody(line.Words[1], versions, flexible);
    }

    private static (VersionRange Versions, VersionRange Flexible) ParseVersions(SchemaLine line, int at)
    {
        var words = line.Words;
        var hasFlexible = words.Count == at + 4 && words[at + 2] == "flexible";
        if (words.Count < at + 2 || words[at] != "versions" || (words.Count > at + 2 && !hasFlexible))
        {
            throw new SchemaException(line.Number, "the line ends with 'versions FIRST-LAST [flexible FIRST+]'");
        }
        var versions = Range(line, words[at + 1], short.MaxValue);
        var flexible = hasFlexible ? Range(line, words[at + 3], versions.Last) : VersionRange.None;
        if (hasFlexible && flexible.Last != versions.Last)
        {
            throw new SchemaException(line.Number, "flexible versions go on to the newest one: write 'flexible FIRST+'");
        }
        return (versions, flexible);
    }

    private MessageSpec ParseBody(string name, VersionRange versions, VersionRange flexible)
    {
        var structs = new List<StructSpec>();
        var fields = ParseFields(0, versions, flexible, structs);
        return new MessageSpec(name, _summary, versions, flexible, new StructSpec(name, versions, fields), structs);
    }

    /// <summary>The fields that follow with more than <paramref name="outer"/> spaces before them, all equally indented.</summary>
    private List<FieldSpec> ParseFields(int outer, VersionRange within, VersionRange flexible, List<StructSpec> structs)
    {
        var fields = new List<FieldSpec>();
        var indent = _next < _lines.Count ? _lines[_next].Indent : 0;
        while (_next < _lines.Count && _lines[_next].Indent > outer)
        {
            var line = _lines[_next++];
            if (line.Indent != indent)
            {
                throw new SchemaException(line.Number, $"{line.Indent} spaces before the field; the fields beside it have {indent}");
            }
            var field = FieldParser.Parse(line, within, flexible);
            if (fields.Exists(other => other.Name == field.Name))
            {
                throw new SchemaException(line.Number, $"the structure has two fields '{field.Name}'");
            }
            fields.Add(field);
            ParseStruct(line, field, flexible, structs);
        }
        return fields;
    }

    /// <summary>The structure of a field: written out below its first use, only named at later ones.</summary>
    private void ParseStruct(SchemaLine line, FieldSpec field, VersionRange flexible, List<StructSpec> structs)
    {
        var hasFields = _next < _lines.Count && _lines[_next].Indent > line.Indent;
        var known = structs.Find(other => other.Name == field.Type.Name);
        if (!field.Type.IsStruct)
        {
            if (hasFields)
            {
                throw new SchemaException(_lines[_next].Number, $"'{field.Name}' is of type {field.Type.Name}, which has no fields of its own");
            }
            return;
        }
        if (hasFields == known is not null)
        {
            throw new SchemaException(line.Number, hasFields
                ? $"'{field.Type.Name}' has been described before: name it only"
                : $"'{field.Type.Name}' is neither a primitive type nor a structure that is described here or above");
        }
        if (known is { } && !known.Versions.Contains(field.Versions))
        {
            throw new SchemaException(line.Number, $"'{field.Type.Name}' was described for versions that lack some of this field's");
        }
        if (known is null)
        {
            var place = structs.Count;
            var fields = ParseFields(line.Indent, field.Versions, flexible, structs);
            structs.Insert(place, new StructSpec(field.Type.Name, field.Versions, fields));
        }
    }

    private static VersionRange Range(SchemaLine line, string text, int newest) => VersionRange.TryParse(text, newest)
        ?? throw new SchemaException(line.Number, $"'{text}' is no range of versions: write 3, 3-5 or 3+");
}
