namespace Garam.Content.Lists;

/// <summary>Which part of a list is wanted.</summary>
/// <param name="Size">Posts on the page, 1–100.</param>
/// <param name="Cursor">Where the page before ended, as its <see cref="PostPage.Next"/> said; null for the first page.</param>
/// <param name="Page">
/// The course's way: the n-th page from 0, null where not given. Never together with a cursor. Pages are counted from the list's start as it
/// is now, so that they shift while posts come and go; a cursor does not.
/// </param>
public sealed record PageRequest(int Size, string? Cursor, int? Page);

/// <summary>A part of a list.</summary>
/// <param name="Items">Visible posts in the list's order. Shorter than asked for only at the end of the list.</param>
/// <param name="Next">Cursor of the page after this one; null when there is none.</param>
public sealed record PostPage(IReadOnlyList<PostRendition> Items, string? Next);

/// <summary>A cursor that no page of this list has given out.</summary>
public sealed class InvalidCursorException(string cursor)
    : FormatException($"'{cursor}' is not a cursor of this list: send the 'next' of the page before, unchanged, or none for the first page.");
