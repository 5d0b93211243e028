using Garam.Operations.Topics;

namespace Garam.Topics;

/// <summary>Numbers of records that are counted in offsets.</summary>
internal static class Counts
{
    /// <summary><c>≈ 12 records (why; how to count exactly)</c>, or the number as it is where that is exact.</summary>
    public static string Of(string counted, OffsetGaps gaps, string exactly = "garam topic count") =>
        gaps.Why() is { } why ? $"≈ {counted} ({why.English}; {exactly} counts exactly)" : counted;
}
