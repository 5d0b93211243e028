using System.Text.Encodings.Web;
using System.Text.Json;

namespace Garam.Messaging.Producing;

/// <summary>How records speak JSON.</summary>
public static class RecordJson
{
    /// <summary>
    /// The web's habits (camelCase, names matched whatever their case), and letters of all scripts as they are: records are not
    /// HTML, and whoever reads a topic by a console tool should see 한글, not \u escapes.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
