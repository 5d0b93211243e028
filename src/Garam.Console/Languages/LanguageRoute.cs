using Garam.Console.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Garam.Console.Languages;

/// <summary>The switch in the strip: keeps the choice in a cookie and returns to the page.</summary>
internal static class LanguageRoute
{
    public static void MapLanguage(this IEndpointRouteBuilder pages) => pages.MapPost("/language", async (HttpContext context, CancellationToken ct) =>
    {
        var form = await context.Request.ReadFormAsync(ct);
        context.Response.Cookies.Append(Language.Cookie, form["to"] == "ko" ? "ko" : "en", new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Path = "/console",
            MaxAge = TimeSpan.FromDays(365),
        });
        return Results.LocalRedirect(LocalPage(form["back"].ToString()));
    }).ChangesNothing();

    // Only into the console: the field comes from outside.
    private static string LocalPage(string back) =>
        back.StartsWith("/console", StringComparison.Ordinal) && !back.Contains('\\') && !back.Any(char.IsControl) ? back : "/console";
}
