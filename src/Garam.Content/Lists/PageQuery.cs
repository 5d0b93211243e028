using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;

namespace Garam.Content.Lists;

/// <summary>The query parameters of every list.</summary>
/// <param name="Size">How many.</param>
/// <param name="Cursor">Where to go on.</param>
internal readonly record struct PageQuery(
    [property: FromQuery(Name = "size"), Description("Items on a page: 1 to 100, 5 by default.")] int? Size,
    [property: FromQuery(Name = "cursor"), Description("The 'next' of the page before; none for the first page.")] string? Cursor)
{
    private const int DefaultSize = 5;
    private const int MaxSize = 100;
    private const int MaxPage = 1_000;
    private const int MaxCursor = 200;

    public int SizeOrDefault => Size ?? DefaultSize;

    /// <summary>The page of a list of posts that is asked for; what is wrong is added to <paramref name="errors"/>.</summary>
    /// <param name="page">The course's parameter, beside the cursor.</param>
    /// <param name="errors">Errors by field.</param>
    public PageRequest<TPlace> ToRequest<TPlace>(int? page, Dictionary<string, string[]> errors)
        where TPlace : IListPlace<TPlace>
    {
        foreach (var (field, error) in Errors())
            errors[field] = error;
        if (page is < 0 or > MaxPage)
            errors["page"] = [$"is {page}: send 0 to {MaxPage}, or follow the cursors."];
        else if (page is not null && Cursor is not null)
            errors["page"] = ["is sent together with a cursor: send one of them."];
        var after = TPlace.Top;
        if (Cursor is not null && !TPlace.TryParse(Cursor, CultureInfo.InvariantCulture, out after))
            errors["cursor"] = ["is not a cursor of this list: send the 'next' of the page before, unchanged."];
        return new PageRequest<TPlace>(SizeOrDefault, after!, page ?? 0);
    }

    /// <summary>What is wrong, by field; empty when nothing is.</summary>
    public Dictionary<string, string[]> Errors()
    {
        var errors = new Dictionary<string, string[]>();
        if (Size is < 1 or > MaxSize)
            errors["size"] = [$"is {Size}: send 1 to {MaxSize}."];
        if (Cursor?.Length > MaxCursor)
            errors["cursor"] = ["is too long to be one: send the 'next' of the page before, unchanged."];
        return errors;
    }
}
