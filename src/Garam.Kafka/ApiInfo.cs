namespace Garam.Kafka;

/// <summary>
/// The versions of one API that this library can read and write. The table is generated from the files in <c>Messages/</c>.
/// </summary>
/// <param name="Api">The request's kind.</param>
/// <param name="MinVersion">The oldest version.</param>
/// <param name="MaxVersion">The newest version.</param>
/// <param name="FlexibleFrom">The first version with compact lengths and tagged fields (KIP-482); <see cref="short.MaxValue"/> where there is none.</param>
public sealed partial record ApiInfo(ApiKey Api, short MinVersion, short MaxVersion, short FlexibleFrom)
{
    private static readonly ApiInfo[] Known = FromSchemas();
    private static readonly ApiInfo?[] ByKey = Index();

    /// <summary>Every API that has a schema, by ascending key.</summary>
    public static IReadOnlyList<ApiInfo> All => Known;

    /// <summary>The versions of an API, or null when it has no schema here.</summary>
    public static ApiInfo? For(ApiKey api) => (uint)api < (uint)ByKey.Length ? ByKey[(int)api] : null;

    /// <summary>Whether messages of this version can be read and written.</summary>
    public bool Serves(short version) => version >= MinVersion && version <= MaxVersion;

    /// <summary>Whether this version has compact lengths and tagged fields.</summary>
    public bool IsFlexible(short version) => version >= FlexibleFrom;

    private static partial ApiInfo[] FromSchemas();

    private static ApiInfo?[] Index()
    {
        var table = new ApiInfo?[(int)Known[^1].Api + 1];
        foreach (var info in Known)
        {
            table[(int)info.Api] = info;
        }
        return table;
    }
}
