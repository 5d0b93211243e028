namespace Garam.Messaging.Failures;

/// <summary>
/// Decides whether a dependency is in trouble or the record is. Clients wrap what happened to them: the exception is asked first and then what
/// caused it, and the first that says anything decides. One that nothing is known of is the record's.
/// </summary>
internal sealed class TransientFaults
{
    // No client wraps as often; a longer chain is not followed to its end.
    private const int MaxDepth = 32;

    // Nor do as many fail together. Those that several share are looked at once.
    private const int MaxExceptions = 64;

    private readonly IReadOnlyList<Func<Exception, bool>> _more;

    public TransientFaults(IEnumerable<TransientFault> more) => _more = [.. more.Select(fault => fault.Matches)];

    /// <param name="exception">What the handler threw.</param>
    /// <param name="marked">Types that its endpoint takes for trouble with a dependency.</param>
    public bool IsTransient(Exception exception, IReadOnlyList<Type> marked) =>
        Chain(exception, MaxDepth, NewSeen()).Any(current => _more.Any(matches => matches(current)) || marked.Any(type => type.IsInstanceOfType(current)))
        || CauseOf(exception, MaxDepth, NewSeen()) is FailureCause.Dependency;

    public bool IsTransient(Exception exception) => IsTransient(exception, []);

    private static IEnumerable<Exception> Chain(Exception exception, int depth, HashSet<Exception> seen) =>
        IsNew(exception, depth, seen) ? Causes(exception).SelectMany(cause => Chain(cause, depth - 1, seen)).Prepend(exception) : [];

    private static HashSet<Exception> NewSeen() => new(ReferenceEqualityComparer.Instance);

    private static bool IsNew(Exception exception, int depth, HashSet<Exception> seen) => depth > 0 && seen.Count < MaxExceptions && seen.Add(exception);

    private static FailureCause? CauseOf(Exception exception, int depth, HashSet<Exception> seen)
    {
        if (!IsNew(exception, depth, seen))
        {
            return null;
        }

        if (FaultTable.CauseOf(exception) is { } known)
        {
            return known;
        }

        // Of several that failed together, trouble with a dependency counts: when it is over, the others are seen for themselves.
        var causes = Causes(exception).Take(MaxExceptions).Select(cause => CauseOf(cause, depth - 1, seen)).ToList();
        return causes.Contains(FailureCause.Dependency) ? FailureCause.Dependency : causes.Find(cause => cause is not null);
    }

    private static IReadOnlyList<Exception> Causes(Exception exception) => exception switch
    {
        AggregateException several => several.InnerExceptions,
        { InnerException: { } inner } => [inner],
        _ => [],
    };
}

/// <summary>Recognises trouble with one kind of dependency, for all handlers. Register with <see cref="MessagingServices.AddTransientFault"/>.</summary>
internal sealed record TransientFault(Func<Exception, bool> Matches);
