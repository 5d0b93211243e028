using System.Reflection;
using System.Text;
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

    private const string TooLarge = "The body is too large: send at most 1,000,000 bytes.";
    private const string NotJson = "The body is not said to be JSON: send it with 'Content-Type: application/json'.";

    /// <summary>Wraps every endpoint of <paramref name="routes"/>, and bounds the bodies that it reads.</summary>
    public static void ExplainUnreadableRequests<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder
    {
        routes.WithMetadata(new RequestSizeLimitAttribute(MaxBody));
        routes.Finally(endpoint =>
        {
            var handle = endpoint.RequestDelegate!;
            var body = endpoint.Metadata.OfType<IAcceptsMetadata>().FirstOrDefault()?.RequestType;
            endpoint.RequestDelegate = context => AnswerAsync(context, handle, body);
        });
    }

    private static async Task AnswerAsync(HttpContext context, RequestDelegate handle, Type? body)
    {
        if (body is not null && !BodyCharset.TryAccept(context.Request, out var refusal))
        {
            await Other(StatusCodes.Status415UnsupportedMediaType, refusal).ExecuteAsync(context);
            return;
        }

        try
        {
            await handle(context);

            // The framework answers some of what it cannot read by a status alone.
            if (!context.Response.HasStarted && context.Response.StatusCode is StatusCodes.Status413PayloadTooLarge)
                await Other(StatusCodes.Status413PayloadTooLarge, TooLarge).ExecuteAsync(context);
        }
        catch (BadHttpRequestException error) when (!context.Response.HasStarted)
        {
            await Explain(error, body).ExecuteAsync(context);
        }
        catch (DecoderFallbackException) when (!context.Response.HasStarted)
        {
            await Problems.Invalid("body", "is not text in the charset that it is said to be in: send it in UTF-8.").ExecuteAsync(context);
        }
    }

    private static IResult Explain(BadHttpRequestException error, Type? body) => error switch
    {
        { StatusCode: StatusCodes.Status413PayloadTooLarge } => Other(error.StatusCode, TooLarge),
        { StatusCode: StatusCodes.Status415UnsupportedMediaType } => Other(error.StatusCode, NotJson),
        { InnerException: JsonException json } => Explain(json, body),
        _ when Parameter().Match(error.Message) is { Success: true } parameter => Problems.Invalid(
            JsonNamingPolicy.CamelCase.ConvertName(parameter.Groups["name"].Value),
            $"is '{parameter.Groups["value"].Value}': send a whole number."),
        _ => Problems.Invalid("body", "is missing: send JSON as /openapi/v1.json shows it."),
    };

    private static IResult Other(int status, string detail) =>
        TypedResults.Problem(detail, statusCode: status, title: "The request cannot be used as it is.");

    /// <summary>The serializer speaks of .NET types; whoever sent the request thinks in JSON's.</summary>
    private static ValidationProblem Explain(JsonException error, Type? body)
    {
        if (!error.Message.Contains("could not be converted", StringComparison.Ordinal))
            return Problems.Invalid("body", $"is not valid JSON at line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}.");
        var field = error.Path is ['$', '.', .. var name] ? name : "body";
        if (TextError(error) is { } reason)
            return Problems.Invalid(field, reason);
        var type = body?.GetProperty(field, BindingFlags.IgnoreCase | BindingFlags.Public | BindingFlags.Instance)?.PropertyType;
        return Problems.Invalid(field, type switch
        {
            _ when type == typeof(long?) => "has the wrong type: send a whole number.",
            _ when type == typeof(string) => "has the wrong type: send text in quotes.",
            _ => "has the wrong type: send a JSON object as /openapi/v1.json shows it.",
        });
    }

    /// <summary>A string that is one to JSON and no text to .NET: the serializer reports it as if its type were wrong.</summary>
    private static string? TextError(JsonException error) => error.InnerException switch
    {
        InvalidOperationException { InnerException: DecoderFallbackException } => "is not valid UTF-8: send text in that encoding.",
        InvalidOperationException { Message: var message } when message.Contains("UTF-16", StringComparison.Ordinal) =>
            "has half of a surrogate pair (\\uD800 to \\uDFFF): send whole characters.",
        _ => null,
    };

    [GeneratedRegex("""parameter "\S+ (?<name>\w+)" from "(?<value>.*)"\.""", RegexOptions.Singleline)]
    private static partial Regex Parameter();
}
