using System.Reflection;
using System.Text;

namespace Garam.Kafka.Tests.Golden;

/// <summary>The lines of an embedded file: fields parted by blanks; '#' starts a remark.</summary>
internal static class GoldenFile
{
    public static IEnumerable<string[]> Lines(string name) => Text($"Golden/{name}")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => line[0] != '#')
        .Select(line => line.TrimEnd('\r').Split(' '));

    public static IEnumerable<string> Names(string prefix) => Assembly.GetExecutingAssembly()
        .GetManifestResourceNames()
        .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    public static string Text(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name).ShouldNotBeNull(name);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
