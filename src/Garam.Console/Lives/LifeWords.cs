using Garam.Console.Languages;

namespace Garam.Console.Lives;

/// <summary>How a state is said, coloured and drawn.</summary>
internal static class LifeWords
{
    public static string Word(this LifeState state, Language l) => state switch
    {
        LifeState.Done => l["done", "완료"],
        LifeState.Waiting => l["waiting", "대기 중"],
        LifeState.Failed => l["failed", "실패"],
        _ => l["nothing to do", "해당 없음"],
    };

    /// <summary>The status colours of the house.</summary>
    public static string Level(this LifeState state) => state switch
    {
        LifeState.Done => "ok",
        LifeState.Waiting => "warn",
        LifeState.Failed => "bad",
        _ => "idle",
    };

    /// <summary>A path on a grid of 16: shape tells what colour tells.</summary>
    public static string Path(this LifeState state) => state switch
    {
        LifeState.Done => "M4 8.5 6.8 11 12 5.5",
        LifeState.Waiting => "M8 4.5V8l2.5 2",
        LifeState.Failed => "M5 5l6 6M11 5l-6 6",
        _ => "M5 8h6",
    };

    /// <summary>The state of the whole: the worst of its newest chapter.</summary>
    public static LifeState State(this Life life)
    {
        var steps = life.Chapters[^1].Steps;
        return steps.Any(step => step.State is LifeState.Failed) ? LifeState.Failed
            : steps.Any(step => step.State is LifeState.Waiting) ? LifeState.Waiting
            : LifeState.Done;
    }
}
