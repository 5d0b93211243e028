using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Garam.Content.Tests.Moderation;

/// <summary>What a text of labelled-texts.tsv is.</summary>
public enum Label
{
    Good,
    Bad,

    /// <summary>An offence that the local moderator is known not to recognise.</summary>
    Known,
}

/// <summary>A line of labelled-texts.tsv.</summary>
internal sealed partial record LabelledText(Label Label, string Kind, string Text)
{
    public static IReadOnlyList<LabelledText> All { get; } = Load();

    private static List<LabelledText> Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("labelled-texts.tsv")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n').Where(line => line is not ([] or ['#', ..])).Select(Parse)];
    }

    private static LabelledText Parse(string line)
    {
        var columns = line.Split('\t', 3);
        return new LabelledText(Enum.Parse<Label>(columns[0], ignoreCase: true), columns[1], Escape().Replace(columns[2], Unescape));
    }

    private static string Unescape(Match escape) =>
        escape.Value == "\\n"
            ? "\n"
            : ((char)int.Parse(escape.ValueSpan[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToString();

    [GeneratedRegex(@"\\n|\\u[0-9A-F]{4}")]
    private static partial Regex Escape();
}
