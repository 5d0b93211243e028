using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Garam.Content.Moderation;

/// <summary>The word lists of the local moderator, from lexicon.txt.</summary>
internal sealed class Lexicon
{
    private readonly Dictionary<string, List<string>> _sections = [];

    private Lexicon(string text)
    {
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
        List<string>? section = null;
        foreach (var line in text.Split('\n').Select(line => line.Trim()).Where(line => line is not ([] or ['#', ..])))
        {
            if (line is ['[', .. var name, ']'])
                _sections.Add(name, section = []);
            else
                section!.Add(line);
        }
    }

    /// <summary>Changes with any change of the lists.</summary>
    public string Fingerprint { get; }

    public static Lexicon Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("lexicon.txt")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return new Lexicon(reader.ReadToEnd());
    }

    /// <summary>Phrases of a section: several may share a line, separated by commas.</summary>
    public PhraseList Phrases(string section) => new(_sections[section].SelectMany(Split));

    /// <summary>Tags in the order of the file, those of <paramref name="category"/> before the general ones.</summary>
    public List<TagRule> Tags(string category)
    {
        var own = _sections.GetValueOrDefault($"tags {category}", []);
        return [.. own.Concat(_sections["tags"]).Select(TagRule.Parse)];
    }

    private static string[] Split(string line) => line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>A tag, and the words that call for it.</summary>
internal sealed record TagRule(string Tag, PhraseList Words)
{
    /// <param name="line"><c>tag: word, word, word</c></param>
    public static TagRule Parse(string line)
    {
        var colon = line.IndexOf(':');
        return new TagRule(line[..colon], new PhraseList(line[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries)));
    }
}
