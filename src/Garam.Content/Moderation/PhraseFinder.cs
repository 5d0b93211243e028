using System.Collections.Frozen;

namespace Garam.Content.Moderation;

/// <summary>A phrase that was found, and where it begins in the reading of its script.</summary>
internal readonly record struct Hit(Phrase Phrase, int Start);

/// <summary>Finds all phrases of one script in a single pass over a text.</summary>
internal sealed class PhraseFinder(IEnumerable<Phrase> phrases)
{
    private readonly FrozenDictionary<char, Phrase[]> _byFirstLetter =
        phrases.GroupBy(phrase => phrase.Text[0]).ToFrozenDictionary(group => group.Key, group => group.ToArray());

    /// <param name="reading">Words between blanks.</param>
    /// <returns>The hits in the order of the text.</returns>
    public List<Hit> Find(string reading)
    {
        var hits = new List<Hit>();
        for (var at = 1; at < reading.Length; at++)
        {
            if (reading[at] == ' ' || !_byFirstLetter.TryGetValue(reading[at], out var candidates))
                continue;
            var startsWord = reading[at - 1] == ' ';
            foreach (var phrase in candidates)
            {
                if ((startsWord || !phrase.StartsWord) && reading.AsSpan(at).StartsWith(phrase.Text))
                    hits.Add(new Hit(phrase, at));
            }
        }

        return hits;
    }
}
