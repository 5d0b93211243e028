using System.Text.Json.Serialization;

namespace Garam.Content.Moderation;

/// <summary>What a moderator decided.</summary>
/// <param name="Status">Whether the post may be seen.</param>
/// <param name="Tags">Up to five words that describe a good post; none for a bad one.</param>
/// <param name="Reason">Why a post is bad, for the people who run the platform; null for a good one.</param>
public sealed record Verdict(VerdictStatus Status, IReadOnlyList<string> Tags, string? Reason)
{
    /// <summary>Tags beyond this number are a moderator's mistake.</summary>
    public const int MaxTags = 5;

    public static Verdict Good(IReadOnlyList<string> tags) => new(VerdictStatus.Good, tags, Reason: null);

    public static Verdict Bad(string reason) => new(VerdictStatus.Bad, [], reason);
}

/// <summary>Whether a post may be seen.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VerdictStatus>))]
public enum VerdictStatus
{
    [JsonStringEnumMemberName("GOOD")]
    Good,

    [JsonStringEnumMemberName("BAD")]
    Bad,
}
