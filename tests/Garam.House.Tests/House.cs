using System.Reflection;
using System.Runtime.CompilerServices;

namespace Garam.House.Tests;

/// <summary>What there is to look at: the sources, the pages and the assemblies of the repository.</summary>
internal static class House
{
    public static string Root { get; } = FindRoot();

    public static IEnumerable<string> Sources => Files("src", "*.cs");

    public static IEnumerable<string> TestSources => Files("tests", "*.cs");

    public static IEnumerable<string> Projects => Files("src", "*.csproj");

    public static IEnumerable<string> Pages => Directory.EnumerateFiles(Root, "*.md").Concat(Files("docs", "*.md")).Concat(Files("src", "*.md")).Concat(Files("tests", "*.md"));

    public static IReadOnlyList<Assembly> Assemblies { get; } =
    [
        .. Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
            .Where(file => IsOurs(Path.GetFileNameWithoutExtension(file)))
            .Select(file => Assembly.Load(Path.GetFileNameWithoutExtension(file))),
    ];

    public static IEnumerable<Type> Types => Assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => !IsGenerated(type));

    public static string Relative(string file) => Path.GetRelativePath(Root, file);

    private static bool IsOurs(string name) => (name == "garam" || name.StartsWith("Garam.", StringComparison.Ordinal)) && !name.EndsWith(".Tests", StringComparison.Ordinal);

    private static bool IsGenerated(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute)) || type.Name.Contains('<') || type.Name == "Program"
        || (type.DeclaringType is { } outer && IsGenerated(outer)) || type.Namespace is null || !type.Namespace.StartsWith("Garam", StringComparison.Ordinal);

    private static IEnumerable<string> Files(string folder, string pattern)
    {
        var path = Path.Combine(Root, folder);
        return Directory.Exists(path)
            ? Directory.EnumerateFiles(path, pattern, SearchOption.AllDirectories).Where(file => !file.Contains("/node_modules/"))
            : [];
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Garam.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("no Garam.slnx above " + AppContext.BaseDirectory);
        return folder.FullName;
    }
}
