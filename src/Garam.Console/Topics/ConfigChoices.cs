using Garam.Operations.Topics;

namespace Garam.Console.Topics;

/// <summary>Configs of which Kafka takes a few words only: a form offers them instead of a field to type in.</summary>
internal static class ConfigChoices
{
    private static readonly IReadOnlyDictionary<string, string[]> Words = new Dictionary<string, string[]>
    {
        ["cleanup.policy"] = ["delete", "compact", "compact,delete"],
        ["compression.type"] = ["producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"],
        ["message.timestamp.type"] = ["CreateTime", "LogAppendTime"],
    };

    private static readonly string[] Truth = ["true", "false"];

    /// <summary>What may be chosen, the value in force among it; null: anything may be typed.</summary>
    public static IReadOnlyList<string>? Of(TopicConfig config) => Words.GetValueOrDefault(config.Name) switch
    {
        { } words => config.Value is null || words.Contains(config.Value) ? words : [config.Value, .. words],
        null when Truth.Contains(config.Default ?? config.Value) => Truth,
        null => null,
    };

    /// <summary>Which units a field takes, as an example; null: none.</summary>
    public static string? Example(string config) =>
        config.EndsWith(".ms", StringComparison.Ordinal) ? "7d, 12h, 30m"
        : config.EndsWith(".bytes", StringComparison.Ordinal) ? "1GiB, 512MiB"
        : null;
}
