namespace Garam.Messaging.Failures;

/// <summary>
/// How long to wait before the next try. The wait that follows a failure is drawn at random between 80 % and 120 % of the delay given here, so that
/// the many records that fail together, when a dependency goes away, do not all come back at the same moment.
/// </summary>
public sealed class Backoff
{
    private const double Jitter = 0.2;

    private readonly TimeSpan[] _delays;

    private Backoff(TimeSpan[] delays) => _delays = delays;

    /// <summary>The same delay each time.</summary>
    public static Backoff Constant(TimeSpan delay) => Steps(delay);

    /// <summary>Doubles from <paramref name="first"/> up to <paramref name="cap"/> (default 30 s).</summary>
    public static Backoff Exponential(TimeSpan first, TimeSpan? cap = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(first, TimeSpan.Zero);
        var limit = cap ?? TimeSpan.FromSeconds(30);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, first, nameof(cap));
        var delays = new List<TimeSpan>();
        for (var delay = first; delay < limit; delay *= 2)
        {
            delays.Add(delay);
        }

        return new Backoff([.. delays, limit]);
    }

    /// <summary>These delays, then the last of them again and again.</summary>
    public static Backoff Steps(params TimeSpan[] delays)
    {
        if (delays.Length == 0 || delays.Any(delay => delay < TimeSpan.Zero))
        {
            throw new ArgumentException("Give at least one delay, none of them negative.", nameof(delays));
        }

        return new Backoff([.. delays]);
    }

    /// <summary>The delay after the <paramref name="failures"/>th failure, counted from 1, before chance has its part.</summary>
    public TimeSpan After(int failures) => _delays[Math.Clamp(failures - 1, 0, _delays.Length - 1)];

    /// <param name="failures">Counted from 1.</param>
    /// <param name="random">0 up to 1: 80 % to 120 % of the delay.</param>
    internal TimeSpan After(int failures, double random) => After(failures) * (1 + (Jitter * ((2 * random) - 1)));
}
