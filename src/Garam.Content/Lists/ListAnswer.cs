namespace Garam.Content.Lists;

/// <summary>A part of a list as it is answered.</summary>
/// <param name="Items">The list's items, in its order.</param>
/// <param name="Next">Cursor of the next part; null when there is none.</param>
public sealed record ListAnswer<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>A post in a list.</summary>
public sealed record PostInList(long Id, string Title, string? UserName, DateTime CreatedAt);
