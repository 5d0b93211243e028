using Garam.Content.Text;

namespace Garam.Content.Search;

/// <summary>What the index keeps of one post: its texts as tokens (see <see cref="Bigrams"/>).</summary>
internal sealed record SearchDocument(string Title, string Content, string Labels)
{
    /// <param name="title">As the author wrote it.</param>
    /// <param name="content">As the author wrote it.</param>
    /// <param name="labels">Category name and tags.</param>
    public static SearchDocument Of(string title, string content, IEnumerable<string> labels) =>
        new(Tokens(title), Tokens(content), Tokens(string.Join(' ', labels)));

    private static string Tokens(string text) => Bigrams.ForIndex(TextNormalizer.Normalize(text));
}
