using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Garam.Content.Moderation;

/// <summary>The word lists of the local moderator, from lexicon.txt.</summary>
internal sealed class Lexicon
{
    private const string TagSection = "tags";

    private readonly List<Phrase> _phrases = [];
    private readonly Dictionary<string, List<string>> _tags = [];
    private readonly PhraseFinder _hangul, _latin, _mixed;

    private Lexicon(string text)
    {
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
        var section = "";
        foreach (var line in text.Split('\n').Select(line => line.Trim()).Where(line => line is not ([] or ['#', ..])))
        {
            if (line is ['[', .. var name, ']'])
                section = name;
            else if (section.StartsWith(TagSection, StringComparison.Ordinal))
                AddTag(section, line.Split(':'));
            else
                AddPhrases(section, line);
        }

        PhraseFinder FinderOf(Script script) => new(_phrases.Where(phrase => phrase.Script == script));
        (_hangul, _latin, _mixed) = (FinderOf(Script.Hangul), FinderOf(Script.Latin), FinderOf(Script.Mixed));
    }

    /// <summary>Changes with any change of the lists.</summary>
    public string Fingerprint { get; }

    public static Lexicon Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("lexicon.txt")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return new Lexicon(reader.ReadToEnd());
    }

    public Findings FindIn(Reading reading) => new([_hangul.Find(reading.Hangul), _latin.Find(reading.Latin), _mixed.Find(reading.Words)]);

    /// <summary>The sections of tags in the order of the file, those of <paramref name="category"/> before the general ones.</summary>
    public IEnumerable<string> TagsOf(string category) =>
        _tags.GetValueOrDefault($"{TagSection} {category}", []).Concat(_tags[TagSection]);

    /// <summary>A tag, and the words that call for it: <c>tag: word, word, word</c>. The same tag may have other words elsewhere.</summary>
    private void AddTag(string section, string[] line)
    {
        if (!_tags.TryGetValue(section, out var tags))
            _tags.Add(section, tags = []);
        tags.Add(line[0]);
        AddPhrases(line[0], line[1]);
    }

    private void AddPhrases(string section, string line)
    {
        foreach (var phrase in line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            _phrases.Add(Phrase.Parse(section, phrase));
    }
}
