using System.Globalization;

namespace Garam.Kafka.Generator.Schema;

/// <summary>Consecutive versions, both ends included. Written <c>3</c>, <c>3-5</c> or, open at the top, <c>3+</c>.</summary>
internal readonly record struct VersionRange(int First, int Last)
{
    public static readonly VersionRange None = new(0, -1);

    public bool IsEmpty => Last < First;

    public bool Contains(VersionRange other) => other.IsEmpty || (First <= other.First && other.Last <= Last);

    public bool Contains(int version) => First <= version && version <= Last;

    public VersionRange Intersect(VersionRange other) => new(Math.Max(First, other.First), Math.Min(Last, other.Last));

    /// <summary>The smallest range that holds both.</summary>
    public VersionRange Union(VersionRange other) =>
        IsEmpty ? other : other.IsEmpty ? this : new(Math.Min(First, other.First), Math.Max(Last, other.Last));

    /// <param name="text">The range as it stands in a schema.</param>
    /// <param name="newest">What <c>+</c> means: the newest version of the message.</param>
    public static VersionRange? TryParse(string text, int newest)
    {
        if (text.EndsWith("+", StringComparison.Ordinal))
        {
            return TryNumber(text.Substring(0, text.Length - 1), out var from) ? new VersionRange(from, newest) : null;
        }
        var dash = text.IndexOf('-');
        if (dash < 0)
        {
            return TryNumber(text, out var only) ? new VersionRange(only, only) : null;
        }
        return TryNumber(text.Substring(0, dash), out var first) && TryNumber(text.Substring(dash + 1), out var last) && first <= last
            ? new VersionRange(first, last)
            : null;
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= short.MaxValue;
}
