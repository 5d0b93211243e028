namespace Garam.Kafka.Generator.Schema;

/// <summary>One line of a schema that says something: its words, how far it is indented, and the remark at its end.</summary>
internal sealed record SchemaLine(int Number, int Indent, IReadOnlyList<string> Words, string? Comment)
{
    private static readonly char[] Blanks = [' '];

    /// <summary>The lines with content; the comment that opens the file, joined, comes out as <paramref name="opening"/>.</summary>
    public static List<SchemaLine> Split(string text, out string opening)
    {
        var lines = new List<SchemaLine>();
        var remarks = new List<string>();
        var number = 0;
        foreach (var raw in text.Replace("\r", "").Split('\n'))
        {
            var line = Parse(number++, raw);
            if (line.Words.Count > 0)
            {
                lines.Add(line);
            }
            else if (lines.Count == 0 && line.Comment is not null)
            {
                remarks.Add(line.Comment);
            }
        }
        opening = string.Join("\n", remarks);
        return lines;
    }

    private static SchemaLine Parse(int number, string raw)
    {
        if (raw.IndexOf('\t') >= 0)
        {
            throw new SchemaException(number, "indent with spaces: a tab has no width");
        }
        var hash = raw.IndexOf('#');
        var content = hash < 0 ? raw : raw.Substring(0, hash);
        var comment = hash < 0 ? null : raw.Substring(hash + 1).Trim();
        var indent = content.Length - content.TrimStart().Length;
        return new SchemaLine(number, indent, content.Split(Blanks, StringSplitOptions.RemoveEmptyEntries), comment);
    }
}
