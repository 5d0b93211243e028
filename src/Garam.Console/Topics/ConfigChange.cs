using Garam.Operations.Topics;
using Microsoft.AspNetCore.Http;

namespace Garam.Console.Topics;

/// <summary>A config that a form changes.</summary>
/// <param name="Name">Kafka's name.</param>
/// <param name="Before">What is in force.</param>
/// <param name="After">What shall be; null: back to the default.</param>
/// <param name="Default">What that is; null: the broker does not say.</param>
public sealed record ConfigChange(string Name, string? Before, string? After, string? Default)
{
    /// <summary>What a form that shows every config changes. An empty field means the default; one that is not there means nothing.</summary>
    internal static IReadOnlyList<ConfigChange> Of(IReadOnlyList<TopicConfig> configs, IFormCollection form) =>
    [
        .. from config in configs
           where !config.ReadOnly && form.ContainsKey(config.Name)
           let sent = form[config.Name].ToString().Trim()
           let after = sent.Length == 0 ? null : ConfigUnits.Plain(config.Name, sent)
           where after is null ? config.IsSet : after != config.Value || (config.Sensitive && after.Length > 0)
           select new ConfigChange(config.Name, config.Value, after, config.Default),
    ];

    /// <summary>The changes as the operations take them.</summary>
    internal static IReadOnlyDictionary<string, string?> Values(IReadOnlyList<ConfigChange> changes) => changes.ToDictionary(change => change.Name, change => change.After);
}
