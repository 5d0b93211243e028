using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Garam.Console.Overview;

/// <summary>The first page.</summary>
internal static class OverviewRoute
{
    public static void MapOverview(this IEndpointRouteBuilder pages) => pages.MapGet("", () => new RazorComponentResult<OverviewPage>());
}
