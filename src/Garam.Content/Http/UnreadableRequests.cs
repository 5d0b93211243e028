using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace Garam.Content.Http;

/// <summary>
/// Turns what the framework could not bind (malformed JSON, a wrong type, a body too large) into problem details that name the field.
/// Needs <c>RouteHandlerOptions.ThrowOnBadRequest</c>: without it the framework answers with an empty body.
/// </summary>
internal static partial class UnreadableRequests
{
    /// <summary>The largest text allowed, with every letter escaped, fits in here.</summary>
    private const int MaxBody = 1_000_000;

    /// <summary>Wraps every endpoint of <paramref name="routes"/>, and bounds the bodies that it reads.</summary>
    public static void ExplainUnreadableRequests<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder
    {
        routes.WithMetadata(new RequestSizeLimitAttribute(MaxBody));
        routes.Finally(endpoint =>
        {
            var handle = endpoint.RequestDelegate!;
            var body = endpoint.Metadata.OfType<IAcceptsMetadata>().FirstOrDefault()?.RequestType;
            endpoint.RequestDelegate = async context =>
            {
                try
                {
                    await handle(context);
                }
                catch (BadHttpRequestException error) when (!context.Response.HasStarted)
                {
                    await Explain(error, body).ExecuteAsync(context);
                }
            };
        });
    }

    private static IResult Explain(BadHttpRequestException error, Type? body) => error switch
    {
        { StatusCode: StatusCodes.Status413PayloadTooLarge } => Other(error, "The body is too large: send a shorter text."),
        { StatusCode: StatusCodes.Status415UnsupportedMediaType } => Other(error, "The body is not said to be JSON: send it with 'Content-Type: application/json'."),
        { InnerException: JsonException json } => Explain(json, body),
        _ when Parameter().Match(error.Message) is { Success: true } parameter => Problems.Invalid(
            JsonNamingPolicy.CamelCase.ConvertName(parameter.Groups["name"].Value),
            $"is '{parameter.Groups["value"].Value}': send a whole number."),
        _ => Problems.Invalid("body", "is missing: send JSON as /openapi/v1.json shows it."),
    };

    private static IResult Other(BadHttpRequestException error, string detail) =>
        TypedResults.Problem(detail, statusCode: error.StatusCode, title: "The request cannot be used as it is.");

    /// <summary>The serializer speaks of .NET types; whoever sent the request thinks in JSON's.</summary>
    private static ValidationProblem Explain(JsonException error, Type? body)
    {
        if (!error.Message.Contains("could not be converted", StringComparison.Ordinal))
            return Problems.Invalid("body", $"is not valid JSON at line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}.");
        var field = error.Path is ['$', '.', .. var name] ? name : "body";
        var type = body?.GetProperty(field, BindingFlags.IgnoreCase | BindingFlags.Public | BindingFlags.Instance)?.PropertyType;
        return Problems.Invalid(field, type switch
        {
            _ when type == typeof(long?) => "has the wrong type: send a whole number.",
            _ when type == typeof(string) => "has the wrong type: send text in quotes.",
            _ => "has the wrong type: send a JSON object as /openapi/v1.json shows it.",
        });
    }

    [GeneratedRegex("""parameter "\S+ (?<name>\w+)" from "(?<value>.*)"\.""", RegexOptions.Singleline)]
    private static partial Regex Parameter();
}
