using Garam.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Garam.Console.Lives;

/// <summary>The pages of lives: the newest of a kind, and one of them.</summary>
internal static class LifePages
{
    private const int Listed = 50;
    private const int MaxQuery = 200;

    public static void MapLives(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/lives/{kind}", ListAsync);
        pages.MapGet("/lives/{kind}/{id}", OneAsync);
    }

    private static async Task<RazorComponentResult> ListAsync(string kind, string? q, IEnumerable<ILives> all, CancellationToken ct)
    {
        if (q?.Length > MaxQuery)
            throw new OperationException(FailureKind.Invalid, $"the search has {q.Length} characters: shorten it to {MaxQuery}.");

        // The navigation leads here whatever runs in this process: a console without the service explains itself.
        var lives = all.FirstOrDefault(candidate => candidate.Kind == kind);
        if (lives is null && kind != "posts")
            throw NoSuchKind(kind);
        IReadOnlyList<Life> found = lives is null ? [] : await lives.RecentAsync(q, Listed, ct);
        return new RazorComponentResult<LivesPage>(new { Lives = lives, Query = q, Found = found });
    }

    private static async Task<RazorComponentResult> OneAsync(string kind, string id, IEnumerable<ILives> all, CancellationToken ct)
    {
        var lives = all.FirstOrDefault(candidate => candidate.Kind == kind) ?? throw NoSuchKind(kind);
        var life = await lives.FindAsync(id, ct)
            ?? throw new OperationException(FailureKind.NotFound, $"there is nothing of that number among the {kind}: /console/lives/{kind} lists what there is.");
        return new RazorComponentResult<LifePage>(new { Lives = lives, Life = life });
    }

    private static OperationException NoSuchKind(string kind) =>
        new(FailureKind.NotFound, $"nothing in this process tells of {kind}: the content platform runs in garam up.");
}
