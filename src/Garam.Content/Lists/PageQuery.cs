using System.ComponentModel;
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
    private const int MaxCursor = 200;

    public int SizeOrDefault => Size ?? DefaultSize;

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
