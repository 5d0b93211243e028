namespace Garam.Messaging.Failures;

/// <summary>What went wrong so far with one record.</summary>
/// <param name="Transient">Failures that were a dependency's.</param>
/// <param name="OfRecord">Failures that were the record's own.</param>
internal readonly record struct FailureHistory(int Transient, int OfRecord);

internal enum FailureCause
{
    Dependency,
    Record,
}

internal enum FailureStep
{
    Retry,
    DeadLetter,
    Hold,
}

/// <summary>What to do after a failure.</summary>
/// <param name="Step">The next step.</param>
/// <param name="Cause">Whose trouble it was.</param>
/// <param name="Delay">How long to wait before a retry.</param>
/// <param name="History">The record's failures, this one included.</param>
internal readonly record struct FailureAction(FailureStep Step, FailureCause Cause, TimeSpan Delay, FailureHistory History);

/// <summary>From failure to action: a pure function, so that the whole policy can be read, and tested, as a table.</summary>
internal sealed record FailurePolicy(
    int Retries,
    Backoff RetryBackoff,
    Backoff DependencyBackoff,
    bool HasDeadLetters,
    Func<Exception, bool> IsTransient,
    IReadOnlyList<Type> NeverRetried)
{
    private const int MaxWrappers = 32;

    /// <summary>0 up to 1, for the jitter of delays. Default: always 0.5, which is none.</summary>
    public Func<double> Random { get; init; } = static () => 0.5;

    public FailureAction Decide(Exception exception, FailureHistory before)
    {
        var neverRetried = IsNeverRetried(exception);
        if (!neverRetried && IsTransient(exception))
        {
            var transient = before with { Transient = before.Transient + 1 };
            return new(FailureStep.Retry, FailureCause.Dependency, DependencyDelay(transient.Transient), transient);
        }

        return DecideForRecord(before, neverRetried);
    }

    /// <summary>For a failure that is known to be the record's own. Calls no predicate.</summary>
    public FailureAction DecideForRecord(FailureHistory before, bool neverRetried = false)
    {
        var history = before with { OfRecord = before.OfRecord + 1 };
        if (!neverRetried && history.OfRecord <= Retries)
        {
            return new(FailureStep.Retry, FailureCause.Record, RetryBackoff.After(history.OfRecord, Random()), history);
        }

        return new(HasDeadLetters ? FailureStep.DeadLetter : FailureStep.Hold, FailureCause.Record, TimeSpan.Zero, history);
    }

    /// <summary>How long to wait for a dependency after the <paramref name="failures"/>th failure, counted from 1.</summary>
    public TimeSpan DependencyDelay(int failures) => DependencyBackoff.After(failures, Random());

    /// <summary>A task that was waited for wraps what it failed with; a wrapper within more wrappers than any program makes is not looked into.</summary>
    private bool IsNeverRetried(Exception exception)
    {
        for (var depth = 0; depth < MaxWrappers && exception is AggregateException { InnerExceptions: [var only] }; depth++)
        {
            exception = only;
        }

        return exception is UndecodableRecordException || NeverRetried.Any(type => type.IsInstanceOfType(exception));
    }
}
