using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Garam.Content.Messages;

/// <summary>How the messages look on the wire: camelCase, and text as it is written instead of \u escapes.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(OriginalPostMessage))]
[JsonSerializable(typeof(InspectedPostMessage))]
[JsonSerializable(typeof(FollowMessage))]
internal sealed partial class MessageJson : JsonSerializerContext
{
    /// <summary>Korean text is half as long without escapes; nobody puts these bytes into HTML as they are.</summary>
    public static MessageJson Wire { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
