using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Garam.Content.Http;

/// <summary>
/// Turns what the framework could not bind (malformed JSON, a wrong type, a body too large) into problem details that name the field.
/// Needs <c>RouteHandlerOptions.ThrowOnBadRequest</c>: without it the framework answers with an empty body.
/// </summary>
internal static partial class UnreadableRequests
{
    /// <summary>Wraps every endpoint of <paramref name="routes"/>.</summary>
    public static void ExplainUnreadableRequests(this IEndpointConventionBuilder routes) => routes.Finally(endpoint =>
    {
        var handle = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = async context =>
        {
            try
            {
                await handle(context);
            }
            catch (BadHttpRequestException error) when (!context.Response.HasStarted)
            {
                await Explain(error).ExecuteAsync(context);
            }
        };
    });

    private static IResult Explain(BadHttpRequestException error) => error switch
    {
        { StatusCode: StatusCodes.Status413PayloadTooLarge } => Other(error, "The body is too large: send a shorter text."),
        { StatusCode: StatusCodes.Status415UnsupportedMediaType } => Other(error, "The body is not said to be JSON: send it with 'Content-Type: application/json'."),
        { InnerException: JsonException json } => Problems.Invalid(FieldOf(json), ErrorOf(json)),
        _ when Parameter().Match(error.Message) is { Success: true } parameter =>
            Problems.Invalid(parameter.Groups["name"].Value, $"is '{parameter.Groups["value"].Value}': send a whole number."),
        _ => Problems.Invalid("body", "is missing: send JSON as /openapi/v1.json shows it."),
    };

    private static IResult Other(BadHttpRequestException error, string detail) =>
        TypedResults.Problem(detail, statusCode: error.StatusCode, title: "The request cannot be used as it is.");

    private static string FieldOf(JsonException error) => error.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : "body";

    /// <summary>The serializer names .NET types; whoever sent the request thinks in JSON's.</summary>
    private static string ErrorOf(JsonException error) => error.Message switch
    {
        var text when !text.Contains("could not be converted", StringComparison.Ordinal) =>
            $"is not valid JSON at line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}.",
        var text when text.Contains("Int64", StringComparison.Ordinal) => "has the wrong type: send a whole number.",
        var text when text.Contains("System.String", StringComparison.Ordinal) => "has the wrong type: send text in quotes.",
        _ => "has the wrong type: send a JSON object as /openapi/v1.json shows it.",
    };

    [GeneratedRegex("""parameter "\S+ (?<name>\w+)" from "(?<value>.*)"\.""", RegexOptions.Singleline)]
    private static partial Regex Parameter();
}
