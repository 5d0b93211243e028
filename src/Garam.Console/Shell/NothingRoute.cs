using Garam.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Garam.Console.Shell;

/// <summary>Everything under /console that is not there: a page, like the others, and not the bare answer of a server.</summary>
internal static class NothingRoute
{
    public static void MapNothing(this IEndpointRouteBuilder pages) =>
        pages.MapGet("/{**path}", Task (HttpContext context) =>
            throw new OperationException(FailureKind.NotFound, $"there is no page at {context.Request.Path}.")).WithOrder(int.MaxValue);
}
