using System.Buffers;

namespace Garam.Broker.Topics;

/// <summary>Which names a topic may have.</summary>
internal static class TopicName
{
    /// <summary>Consumer groups keep their offsets here.</summary>
    public const string ConsumerOffsets = "__consumer_offsets";

    /// <summary>The broker's own memory; clients never see it.</summary>
    public const string Metadata = "__metadata";

    private const int MaxLength = 249;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Topics that clients see flagged, and may not create or delete.</summary>
    public static bool IsInternal(string name) => name is ConsumerOffsets or "__transaction_state";

    /// <summary>Null when <paramref name="name"/> is allowed, else a sentence that says what is wrong with it.</summary>
    public static string? Check(string name) => name switch
    {
        "" => "The topic has no name.",
        "." or ".." => $"A topic cannot be called \"{name}\".",
        Metadata => $"{Metadata} is the broker's own.",
        { Length: > MaxLength } => $"The name has {name.Length} characters; {MaxLength} are allowed.",
        _ when name.AsSpan().ContainsAnyExcept(Allowed) => $"\"{name}\" has characters other than letters a to z, digits, '.', '_' and '-'.",
        _ => null,
    };

    /// <summary>Names with the same key collide in the names of metrics, so Kafka allows only one of them: a.b and a_b.</summary>
    public static string CollisionKey(string name) => name.Replace('.', '_');
}
