namespace Garam.Testing;

/// <summary>Whether the tests run in their long mode (<c>./garam test --long</c>): more kills and seeds, larger clusters, slow foreign tools.</summary>
internal static class LongMode
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("GARAM_TEST_LONG") == "1";

    /// <summary>How often or how much, in either mode.</summary>
    public static int Pick(int quick, int @long) => IsOn ? @long : quick;

    /// <summary>Skips a test that belongs to the long mode alone.</summary>
    public static void Require() => Assert.SkipUnless(IsOn, "it takes long: ./garam test --long runs it");
}
