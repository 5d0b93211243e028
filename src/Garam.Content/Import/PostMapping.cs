using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Garam.Content.Import;

/// <summary>A post as <c>POST /posts</c> takes it.</summary>
internal sealed record ImportedPost(string Title, string Content, long UserId, long CategoryId);

/// <summary>Somebody or something that the platform knows by id and name.</summary>
internal sealed record KnownName(long Id, string Name);

/// <summary>Makes posts of records: finds their fields, and gives every author and category one that the platform knows.</summary>
internal sealed class PostMapping(ImportOptions options, IReadOnlyList<KnownName> users, IReadOnlyList<KnownName> categories)
{
    private const int TitleLength = 20;
    private static readonly string[] Titles = ["title", "subject"];
    private static readonly string[] Contents = ["content", "text", "body", "document", "message"];
    private static readonly string[] Users = ["userId", "user", "authorId", "author"];
    private static readonly string[] Categories = ["categoryId", "category", "movieId"];

    public bool TryMap(SourceRecord record, [NotNullWhen(true)] out ImportedPost? post, [NotNullWhen(false)] out string? error)
    {
        (post, error) = (null, record.Error);
        if (error is not null)
        {
            return false;
        }

        if (Find(record, options.ContentField, Contents) is not { } content)
        {
            error = options.ContentField is { } field
                ? $"has no text in the field '{field}'."
                : $"has no text in any of the fields {string.Join(", ", Contents)}: name the field that has it.";
            return false;
        }

        var title = Find(record, options.TitleField, Titles) ?? Beginning(content);
        post = new ImportedPost(title, content, Choose(users, Find(record, options.UserField, Users)), Choose(categories, Find(record, options.CategoryField, Categories)));
        return true;
    }

    private static string? Find(SourceRecord record, string? chosen, string[] usual) =>
        (chosen is null ? usual : [chosen]).Select(record.Fields.GetValueOrDefault).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));

    /// <summary>The first characters as a reader counts them, on one line.</summary>
    private static string Beginning(string content)
    {
        var title = new StringBuilder();
        var elements = StringInfo.GetTextElementEnumerator(string.Join(' ', content.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        for (var i = 0; i < TitleLength && elements.MoveNext(); i++)
        {
            title.Append(elements.GetTextElement());
        }

        return title.ToString().TrimEnd();
    }

    private static long Choose(IReadOnlyList<KnownName> known, string? value)
    {
        var isId = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var id);
        var exact = known.FirstOrDefault(one => (isId && one.Id == id) || one.Name == value);
        return (exact ?? known[(int)(Hash(value ?? "") % (uint)known.Count)]).Id;
    }

    /// <summary>FNV-1a: unlike <see cref="string.GetHashCode()"/> the same in every process, so that an author stays the same user.</summary>
    private static uint Hash(string value)
    {
        var hash = 2_166_136_261;
        foreach (var b in Encoding.UTF8.GetBytes(value))
        {
            hash = (hash ^ b) * 16_777_619;
        }

        return hash;
    }
}
