using System.Globalization;
using Garam.Content.People;

namespace Garam.Content.Posts;

/// <summary>A post as somebody wants it to be. All fields are required; those of an edit may leave out the author, who never changes.</summary>
/// <param name="Title">1–200 characters.</param>
/// <param name="Content">1–20,000 characters.</param>
/// <param name="UserId">The author, one of <c>GET /users</c>.</param>
/// <param name="CategoryId">One of <c>GET /categories</c>.</param>
/// <remarks>
/// A character is what a reader sees as one (a Unicode text element): 한 counts once whether it comes composed or as three jamo.
/// So that marks heaped upon one letter cannot smuggle in a book, a text has at most four UTF-16 units per allowed character.
/// </remarks>
public sealed record PostDraft(string? Title, string? Content, long? UserId, long? CategoryId)
{
    private const int MaxTitle = 200;
    private const int MaxContent = 20_000;
    private const int MaxUnitsPerCharacter = 4;

    /// <summary>What is wrong with the draft, by field, each with what to do; empty when nothing is.</summary>
    /// <param name="directory">The users and categories there are.</param>
    /// <param name="author">The author of the post that is edited; null for a new one.</param>
    internal Dictionary<string, string[]> Errors(PeopleDirectory directory, long? author)
    {
        var errors = new Dictionary<string, string[]>();
        Note(errors, "title", TextError(Title, MaxTitle));
        Note(errors, "content", TextError(Content, MaxContent));
        Note(errors, "userId", author is { } id ? EditorError(id) : AuthorError(directory));
        Note(errors, "categoryId", CategoryError(directory));
        return errors;
    }

    private static void Note(Dictionary<string, string[]> errors, string field, string? error)
    {
        if (error is not null)
            errors.Add(field, [error]);
    }

    private static string? TextError(string? text, int limit)
    {
        if (text is null)
            return "is missing: send text.";
        if (text.Length > limit * MaxUnitsPerCharacter)
            return $"is too long: send at most {limit:N0} characters.";
        if (text.Length > limit && CharactersIn(text) is var count && count > limit)
            return $"has {count:N0} characters: send at most {limit:N0}.";
        if (text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
            return "has control characters: remove them (line breaks and tabs may stay).";
        return BlankText.IsBlank(text) ? "is blank: write something that can be seen." : null;
    }

    private static int CharactersIn(string text)
    {
        var count = 0;
        for (var elements = StringInfo.GetTextElementEnumerator(text); elements.MoveNext();)
            count++;
        return count;
    }

    private string? AuthorError(PeopleDirectory directory) => UserId switch
    {
        null => "is missing: send the id of one of GET /users.",
        { } id when directory.UserName(id) is null => $"is {id}, and there is no such user: send the id of one of GET /users.",
        _ => null,
    };

    private string? EditorError(long author) =>
        UserId is null || UserId == author ? null : $"is {UserId}, but a post keeps its author: leave it out, or send {author}.";

    private string? CategoryError(PeopleDirectory directory) => CategoryId switch
    {
        null => "is missing: send the id of one of GET /categories.",
        { } id when directory.CategoryName(id) is null => $"is {id}, and there is no such category: send the id of one of GET /categories.",
        _ => null,
    };
}
