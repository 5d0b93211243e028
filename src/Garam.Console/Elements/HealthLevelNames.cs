namespace Garam.Console.Elements;

/// <summary>The names of levels in the style sheets: ok, warn, bad and idle.</summary>
internal static class HealthLevelNames
{
    public static string Css(this Operations.HealthLevel level) => level switch
    {
        Operations.HealthLevel.Ok => "ok",
        Operations.HealthLevel.Warn => "warn",
        Operations.HealthLevel.Bad => "bad",
        _ => "idle",
    };
}
