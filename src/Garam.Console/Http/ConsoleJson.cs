using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Garam.Operations;
using Microsoft.AspNetCore.Http;

namespace Garam.Console.Http;

/// <summary>
/// The JSON of the console's API, whatever the host that it is mapped into has set for its own: names in camel case, enumerations by name, Korean
/// as itself.
/// </summary>
internal static class ConsoleJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,          // an answer of type application/json, which no browser takes for markup
        Converters = { new JsonStringEnumConverter() },
    };

    public static IResult Answer<T>(T value, int status = StatusCodes.Status200OK) => Results.Json(value, Options, statusCode: status);

    /// <exception cref="OperationException">The body is not what it should be; the message says where.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, CancellationToken ct)
    {
        if (!request.HasJsonContentType())
            throw new OperationException(FailureKind.Invalid, "send the body as application/json.");
        try
        {
            return await request.ReadFromJsonAsync<T>(Options, ct) ?? throw new OperationException(FailureKind.Invalid, "the body is null: send an object.");
        }
        catch (JsonException exception)
        {
            throw new OperationException(FailureKind.Invalid, exception.Message, exception);
        }
    }
}
