using Microsoft.AspNetCore.Http;

namespace Garam.Up;

/// <summary>Says what to do about a request that the server answers by a status alone.</summary>
internal static class StatusDetails
{
    public static void Add(ProblemDetailsContext context) => context.ProblemDetails.Detail ??= context.ProblemDetails.Status switch
    {
        StatusCodes.Status404NotFound => "There is nothing here for this path and method: /openapi/v1.json lists what there is.",
        StatusCodes.Status405MethodNotAllowed => "This path does not take this method: /openapi/v1.json lists what there is.",
        StatusCodes.Status406NotAcceptable => "This path has no answer of the types that the request accepts: leave out 'Accept', or allow application/json.",
        StatusCodes.Status413PayloadTooLarge => "The body is too large: send less.",
        StatusCodes.Status415UnsupportedMediaType => "The body is of a type that this path does not take: send JSON with 'Content-Type: application/json'.",
        StatusCodes.Status431RequestHeaderFieldsTooLarge => "The headers of the request are too large: send fewer or shorter ones.",
        _ => null,
    };
}
