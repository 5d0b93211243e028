namespace Garam.Messaging.Health;

/// <summary>What keeps the consumers of this process from doing their work, as of now.</summary>
public sealed class MessagingHealth
{
    private readonly List<Func<IEnumerable<MessagingProblem>>> _sources = [];

    /// <summary>Everything that is wrong; empty when all is well. Safe to call at any time from any thread.</summary>
    public IReadOnlyList<MessagingProblem> Problems()
    {
        lock (_sources)
        {
            return [.. _sources.SelectMany(source => source())];
        }
    }

    internal void Watch(Func<IEnumerable<MessagingProblem>> source)
    {
        lock (_sources)
        {
            _sources.Add(source);
        }
    }
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Group">The consumer group that suffers; null: the whole process.</param>
/// <param name="Message">What, where, and what to do about it.</param>
public sealed record MessagingProblem(ProblemSeverity Severity, string? Group, string Message)
{
    /// <summary>Group and message, in one line.</summary>
    public string Text => Group is null ? Message : $"{Group}: {Message}";
}

/// <summary>How bad a problem is.</summary>
public enum ProblemSeverity
{
    /// <summary>Work is delayed and goes on by itself when the trouble is over (a dependency is away).</summary>
    Degraded,

    /// <summary>Work stands still until somebody acts (a partition is held).</summary>
    Unhealthy,
}
