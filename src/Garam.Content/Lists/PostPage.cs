namespace Garam.Content.Lists;

/// <summary>Which part of a list is wanted.</summary>
/// <param name="Size">Posts on the page.</param>
/// <param name="After">Where the page before ended; the top for the first page.</param>
/// <param name="Page">
/// The course's way: the n-th page from 0, counted from <paramref name="After"/> as the list is now. It shifts while posts come and go; a
/// place does not.
/// </param>
internal readonly record struct PageRequest<TPlace>(int Size, TPlace After, int Page = 0)
    where TPlace : IListPlace<TPlace>;

/// <summary>A part of a list.</summary>
/// <param name="Items">Visible posts in the list's order. Shorter than asked for only at the end of the list.</param>
/// <param name="Next">Cursor of the page after this one; null when there is none.</param>
internal sealed record PostPage(IReadOnlyList<PostRendition> Items, string? Next);
