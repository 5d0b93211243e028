using System.Globalization;
using Garam.Console.Languages;

namespace Garam.Console.Lives;

/// <summary>Where the steps of a chapter lie in its time, for bars that are drawn to one scale.</summary>
internal sealed class LifeTimes
{
    private const double Width = 1000;

    private readonly DateTimeOffset _start;
    private readonly TimeSpan _whole;

    public LifeTimes(LifeChapter chapter)
    {
        var times = chapter.Steps.Where(IsMeasured).Select(step => step.At!.Value).DefaultIfEmpty().ToList();
        (_start, _whole) = (times.Min(), times.Max() - times.Min());
    }

    /// <summary>From the first step to the last; null while steps wait, or when none was measured.</summary>
    public static TimeSpan? Whole(LifeChapter chapter) =>
        chapter.Steps.Any(step => step.State is LifeState.Waiting or LifeState.Failed) || !chapter.Steps.Any(step => step.After is not null)
            ? null : new LifeTimes(chapter)._whole;

    /// <summary>Left edge and width of a step's bar, of a thousand; null for a step without one.</summary>
    public (string Left, string Width)? BarOf(LifeStep step)
    {
        if (step is not { At: { } at, After: { } after } || _whole <= TimeSpan.Zero)
            return null;
        var right = (at - _start) / _whole * Width;

        // A step that took no time is still one: it must be seen.
        var width = Math.Max(after / _whole * Width, 6);
        return (Text(Math.Max(0, right - width)), Text(width));
    }

    /// <summary>"84 ms", "1.25 s", "3 min 20 s".</summary>
    public static string Text(TimeSpan time, Language l) => string.Format(CultureInfo.InvariantCulture, FormOf(time, l), time.TotalMilliseconds, time.TotalSeconds, time, (long)time.TotalHours);

    // 0: milliseconds, 1: seconds, 2: the time, 3: hours.
    private static string FormOf(TimeSpan time, Language l) => time switch
    {
        { TotalSeconds: < 1 } => l["{0:0} ms", "{0:0}ms"],
        { TotalMinutes: < 1 } => l["{1:0.00} s", "{1:0.00}초"],
        { TotalHours: < 1 } => l["{2:%m} min {2:%s} s", "{2:%m}분 {2:%s}초"],
        _ => l["{3} h {2:%m} min", "{3}시간 {2:%m}분"],
    };

    // A time without a step before it belongs to another time: that of a rebuild.
    private static bool IsMeasured(LifeStep step, int index) => step.At is not null && (index == 0 || step.After is not null);

    private static string Text(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
