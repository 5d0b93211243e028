namespace Garam.Background;

/// <summary>What happens when a piece of background work throws. Every owner chooses one; there is no default.</summary>
public sealed class OnFailure
{
    private OnFailure(TimeSpan first, TimeSpan longest, Action<Exception>? stopped, bool isRunAgain = false) =>
        (FirstDelay, LongestDelay, Stopped, IsRunAgain) = (first, longest, stopped, isRunAgain);

    /// <summary>The work starts again after a delay that doubles with each failure, up to <paramref name="longest"/>.</summary>
    /// <param name="first">The delay after the first failure. Default 100 ms.</param>
    /// <param name="longest">Default 10 s.</param>
    public static OnFailure Restart(TimeSpan? first = null, TimeSpan? longest = null) =>
        new(first ?? TimeSpan.FromMilliseconds(100), longest ?? TimeSpan.FromSeconds(10), null);

    /// <summary>The work ends, and stays in <see cref="BackgroundWork.Problems"/> as stopped.</summary>
    /// <param name="stopped">Called once with the failure, for an owner that has to fail its callers or stop as a whole.</param>
    public static OnFailure Stop(Action<Exception>? stopped = null) => new(TimeSpan.Zero, TimeSpan.Zero, stopped ?? (static _ => { }));

    /// <summary>This run ends, and the owner runs the work again when it needs it: until a run succeeds, it is a problem, but not one that stopped.</summary>
    /// <param name="failed">Called once with the failure.</param>
    public static OnFailure EndRun(Action<Exception>? failed = null) => new(TimeSpan.Zero, TimeSpan.Zero, failed ?? (static _ => { }), isRunAgain: true);

    internal TimeSpan FirstDelay { get; }

    internal TimeSpan LongestDelay { get; }

    /// <summary>Null where the work restarts.</summary>
    internal Action<Exception>? Stopped { get; }

    /// <summary>Whether the owner starts it again.</summary>
    internal bool IsRunAgain { get; }
}
