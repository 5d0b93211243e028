using System.Runtime.CompilerServices;

namespace Garam.Broker.Tests.Configuration;

/// <summary>The names of all settings that Kafka documents.</summary>
internal static class KafkaSettings
{
    /// <param name="resource">"broker" or "topic".</param>
    public static IReadOnlyList<string> Of(string resource) => [.. File.ReadLines(Path.Combine(Path.GetDirectoryName(ThisFile())!, "kafka-settings.txt"))
        .Select(line => line.Split(' ')).Where(words => words[0] == resource).Select(words => words[1])];

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
