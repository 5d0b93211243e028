using System.Diagnostics.CodeAnalysis;
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

    /// <param name="keyword">Words with anything between them. Two syllables find every word that contains them.</param>
    /// <param name="query">The query; null when <paramref name="error"/> says what to send instead.</param>
    /// <param name="error">What is wrong with the keyword; null when nothing is.</param>
    public static bool TryParse(string? keyword, [NotNullWhen(true)] out SearchQuery? query, [NotNullWhen(false)] out string? error)
    {
        (query, error) = (null, null);
        if (keyword?.Length > MaxLength)
        {
            error = $"has {keyword.Length} characters: send at most {MaxLength}.";
            return false;
        }

        var words = Words.Of(TextNormalizer.Normalize(keyword ?? "")).ToList();
        if (words.Count == 0)
        {
            error = "has nothing to look for: send at least one letter, digit or symbol.";
            return false;
        }

        query = new SearchQuery(words);
        return true;
    }
}
