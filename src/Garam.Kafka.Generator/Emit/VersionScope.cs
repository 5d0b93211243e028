using Garam.Kafka.Generator.Schema;

namespace Garam.Kafka.Generator.Emit;

/// <summary>
/// The versions in which a piece of generated code can run. Knowing them, the code asks about its version only where the answer is open.
/// </summary>
internal readonly record struct VersionScope(VersionRange Versions, VersionRange Flexible)
{
    /// <summary>How generated code says whether its version is flexible: a constant, or the variable <c>flexible</c>.</summary>
    public string FlexibleExpression => Flexible.Contains(Versions) ? "true" : IsEverFlexible ? "flexible" : "false";

    public bool IsEverFlexible => !Flexible.Intersect(Versions).IsEmpty;

    public bool IsAlwaysFlexible => Flexible.Contains(Versions);

    public VersionScope OnlyFlexible() => this with { Versions = Versions.Intersect(Flexible) };

    public VersionScope In(VersionRange versions) => this with { Versions = Versions.Intersect(versions) };

    /// <summary>The C# condition for being in <paramref name="range"/>, or null when that is certain here.</summary>
    public string? Condition(VersionRange range)
    {
        var (first, last) = (range.First > Versions.First, range.Last < Versions.Last);
        return (first, last) switch
        {
            _ when range.IsEmpty => "false",
            (false, false) => null,
            (true, false) => $"version >= {range.First}",
            (false, true) => $"version <= {range.Last}",
            _ when range.First == range.Last => $"version == {range.First}",
            _ => $"version is >= {range.First} and <= {range.Last}",
        };
    }
}
