using Garam.Console.Languages;
using Garam.Console.Shell;
using Garam.Operations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Garam.Console.Http;

/// <summary>What went wrong, as the asker reads it: a page for a person, problem details for a program.</summary>
internal static class Failures
{
    public static int StatusOf(FailureKind kind) => kind switch
    {
        FailureKind.Invalid => StatusCodes.Status400BadRequest,
        FailureKind.NotFound => StatusCodes.Status404NotFound,
        FailureKind.Conflict => StatusCodes.Status409Conflict,
        FailureKind.Unauthorized => StatusCodes.Status403Forbidden,
        FailureKind.Unreachable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status502BadGateway,
    };

    public static Task WriteAsync(HttpContext context, OperationException failure)
    {
        var status = StatusOf(failure.Kind);
        if (context.Request.Path.StartsWithSegments("/api"))
            return Results.Problem(Language.Of(context.Request).Failure(failure), statusCode: status).ExecuteAsync(context);

        // The renderer of the page that failed has announced itself already, and does not expect another one after it.
        context.Response.Headers.Remove("blazor-enhanced-nav");
        return new RazorComponentResult<FailurePage>(new { Failure = failure }) { StatusCode = status }.ExecuteAsync(context);
    }
}
