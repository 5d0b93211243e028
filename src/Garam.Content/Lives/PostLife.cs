using System.Text.Json.Serialization;
using Garam.Content.Messages;
using Garam.Messaging.Producing;

namespace Garam.Content.Lives;

/// <summary>What became of a post, version by version. It holds no text of the post, which may not be seen before a verdict.</summary>
/// <param name="Id">The post.</param>
/// <param name="UserId">Its author.</param>
/// <param name="UserName">The author's name; null where nobody has that id.</param>
/// <param name="IsDeleted">Its newest version is its deletion.</param>
/// <param name="Versions">The oldest first.</param>
public sealed record PostLife(long Id, long UserId, string? UserName, bool IsDeleted, IReadOnlyList<VersionLife> Versions)
{
    /// <summary>For the people who run the platform, and never sent: the title as its author wrote it, judged or not. Null for a deleted post.</summary>
    [JsonIgnore]
    public string? Title { get; init; }
}

/// <summary>What became of one version.</summary>
/// <param name="Version">From 1.</param>
/// <param name="Operation">What its author did.</param>
/// <param name="Steps">One for each <see cref="LifeStage"/>, in their order.</param>
public sealed record VersionLife(int Version, OperationType Operation, IReadOnlyList<LifeStep> Steps);

/// <summary>A step on the way from the author to the readers.</summary>
/// <param name="Stage">Which.</param>
/// <param name="State">How far it is.</param>
/// <param name="At">When it was done, UTC, to the millisecond. Null when it is not done, or its time was not kept.</param>
/// <param name="AfterMs">Milliseconds since the step that it followed; null where one of the two has no time. Clocks of two threads: never less than 0.</param>
/// <param name="Detail">What was done, or what it waits for.</param>
/// <param name="Group">The consumer group that does it; null for what no group does.</param>
/// <param name="Record">The record that it wrote or read; null where that is not known.</param>
/// <param name="DeadLetterTopic">Where the record was set aside; null unless it was.</param>
public sealed record LifeStep(
    LifeStage Stage, LifeState State, DateTime? At, long? AfterMs, Note Detail, string? Group, RecordPosition? Record, string? DeadLetterTopic = null);

/// <summary>A sentence for people, in the two languages of the console.</summary>
public sealed record Note(string En, string Ko);

/// <summary>The steps of a version. The last three go side by side, each after the verdict.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LifeStage>))]
public enum LifeStage
{
    /// <summary>Its row and its event were committed together.</summary>
    [JsonStringEnumMemberName("written")]
    Written,

    /// <summary>The broker has acknowledged its record in post.original.</summary>
    [JsonStringEnumMemberName("relayed")]
    Relayed,

    /// <summary>A verdict was kept.</summary>
    [JsonStringEnumMemberName("moderated")]
    Moderated,

    /// <summary>This process has it in memory for its readers.</summary>
    [JsonStringEnumMemberName("cached")]
    Cached,

    /// <summary>It is in the inboxes of the author's followers.</summary>
    [JsonStringEnumMemberName("fannedOut")]
    FannedOut,

    /// <summary>Search finds it.</summary>
    [JsonStringEnumMemberName("indexed")]
    Indexed,
}

/// <summary>How far a step is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LifeState>))]
public enum LifeState
{
    [JsonStringEnumMemberName("done")]
    Done,

    [JsonStringEnumMemberName("waiting")]
    Waiting,

    /// <summary>It will not be done unless somebody acts.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>There is nothing to do here for this version.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,
}
