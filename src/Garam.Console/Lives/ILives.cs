using Garam.Operations.Commands;

namespace Garam.Console.Lives;

/// <summary>
/// Things of a service whose way through topics, groups and stores can be told step by step. The console knows no service: whoever composes both
/// registers one of these for each kind, and the pages under <c>/console/lives/{kind}</c> show it.
/// </summary>
public interface ILives
{
    /// <summary>The name in addresses: <c>posts</c>.</summary>
    string Kind { get; }

    /// <summary>The heading of the list.</summary>
    Said Title { get; }

    /// <summary>By what the list can be searched.</summary>
    Said SearchBy { get; }

    /// <summary>The newest, or those of the newest that <paramref name="query"/> finds.</summary>
    /// <param name="query">As somebody typed it; null or blank for all.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="ct">Ends the search.</param>
    Task<IReadOnlyList<Life>> RecentAsync(string? query, int count, CancellationToken ct);

    /// <summary>One of them; null when there is none of that id.</summary>
    Task<Life?> FindAsync(string id, CancellationToken ct);
}

/// <summary>What became of one thing.</summary>
/// <param name="Id">In addresses and for people.</param>
/// <param name="Title">What people know it by. Shown as text, whatever it looks like.</param>
/// <param name="By">Who made it; null for nobody in particular.</param>
/// <param name="Command">The command that shows the same in a terminal.</param>
/// <param name="Chapters">Its versions, the oldest first; at least one.</param>
public sealed record Life(string Id, Said Title, string? By, ShellCommand Command, IReadOnlyList<LifeChapter> Chapters);

/// <summary>A change and what followed from it.</summary>
/// <param name="Title">Which change.</param>
/// <param name="Steps">In their order; at least one.</param>
public sealed record LifeChapter(Said Title, IReadOnlyList<LifeStep> Steps);

/// <summary>A step on the way.</summary>
public sealed record LifeStep
{
    /// <summary>What is done, in one or two words.</summary>
    public required Said Name { get; init; }

    public required LifeState State { get; init; }

    /// <summary>When it was done; null when it is not, or nobody knows.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>How long after the step that it follows; null where that is not known.</summary>
    public TimeSpan? After { get; init; }

    /// <summary>What came of it, or what it waits for: a sentence.</summary>
    public required Said Detail { get; init; }

    /// <summary>The consumer group that does it; null for none.</summary>
    public string? Group { get; init; }

    /// <summary>The record that it wrote or read; null for none.</summary>
    public LifeRecord? Record { get; init; }

    /// <summary>The topic where its record was set aside; null unless it was.</summary>
    public string? DeadLetters { get; init; }

    /// <summary>Goes side by side with those next to it that do too: all of them follow the last step that does not.</summary>
    public bool Beside { get; init; }
}

/// <summary>The place of a record.</summary>
public sealed record LifeRecord(string Topic, int Partition, long Offset);

/// <summary>How far a step is.</summary>
public enum LifeState
{
    Done,
    Waiting,

    /// <summary>It will not be done unless somebody acts.</summary>
    Failed,

    /// <summary>There is nothing to do here.</summary>
    Skipped,
}
