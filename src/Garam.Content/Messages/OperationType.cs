using System.Text.Json.Serialization;

namespace Garam.Content.Messages;

/// <summary>What happened to the thing that a message is about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OperationType>))]
public enum OperationType
{
    [JsonStringEnumMemberName("CREATE")]
    Create,

    [JsonStringEnumMemberName("UPDATE")]
    Update,

    [JsonStringEnumMemberName("DELETE")]
    Delete,
}
