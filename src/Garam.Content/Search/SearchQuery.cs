using Garam.Content.Text;

namespace Garam.Content.Search;

/// <summary>A keyword, ready to be asked: all of its words must be in a post, in its title, content, category or tags.</summary>
internal sealed class SearchQuery
{
    /// <summary>The longest keyword that is taken, in UTF-16 characters.</summary>
    public const int MaxLength = 100;

    private SearchQuery(IEnumerable<string> words)
    {
        var everyWord = $"({string.Join(" AND ", words.Distinct().Select(Bigrams.ForQuery))})";
        InTitle = $"{{title}} : {everyWord}";
        Elsewhere = $"{everyWord} NOT {InTitle}";
    }

    /// <summary>The FTS5 expression for posts whose title holds every word.</summary>
    public string InTitle { get; }

    /// <summary>The FTS5 expression for the other posts that hold every word.</summary>
    public string Elsewhere { get; }

    /// <exception cref="InvalidKeywordException">The keyword holds no letter, digit or symbol, or is too long.</exception>
    public static SearchQuery Parse(string keyword)
    {
        if (keyword.Length > MaxLength)
        {
            throw new InvalidKeywordException($"The keyword has {keyword.Length} characters: send at most {MaxLength}.");
        }

        var words = Words.Of(TextNormalizer.Normalize(keyword)).ToList();
        return words.Count > 0
            ? new SearchQuery(words)
            : throw new InvalidKeywordException("The keyword has no letter, digit or symbol to look for: send at least one.");
    }
}
