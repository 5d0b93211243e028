namespace Garam.Content.Moderation;

/// <summary>The phrases of the lexicon that a text holds.</summary>
/// <param name="hitsByScript">For each reading of the text, its hits in the order of the text.</param>
internal sealed class Findings(IReadOnlyList<List<Hit>> hitsByScript)
{
    public bool Has(string section) => hitsByScript.Any(hits => Starts(hits, section).Any());

    /// <summary>Whether a phrase is found that does not begin inside one of <paramref name="exceptions"/>.</summary>
    public bool Has(string section, string exceptions) => Has(section) && hitsByScript.Any(hits =>
    {
        var excepted = hits.Where(hit => hit.Phrase.Section == exceptions)
            .SelectMany(hit => Enumerable.Range(hit.Start, hit.Phrase.Text.Length))
            .ToHashSet();
        return Starts(hits, section).Any(start => !excepted.Contains(start));
    });

    /// <summary>Whether phrases of both sections begin within this many characters of each other.</summary>
    public bool HasNear(string section, string other, int distance) => Has(section) && hitsByScript.Any(hits =>
    {
        var others = Starts(hits, other).ToList();
        return Starts(hits, section).Any(start => others.BinarySearch(start - distance) is var found
            && (found >= 0 ? found : ~found) is var next && next < others.Count && others[next] <= start + distance);
    });

    private static IEnumerable<int> Starts(List<Hit> hits, string section) =>
        hits.Where(hit => hit.Phrase.Section == section).Select(hit => hit.Start);
}
