using System.Globalization;

namespace Garam.Broker.Configuration;

/// <summary>The broker's settings as it was started with them.</summary>
internal sealed class BrokerConfig
{
    private readonly IReadOnlyDictionary<string, string> _values;

    private BrokerConfig(IReadOnlyDictionary<string, string> values) => _values = values;

    /// <summary>Nothing set: the defaults.</summary>
    public static BrokerConfig Default { get; } = new(new Dictionary<string, string>());

    /// <summary>Takes settings by their names; <paramref name="problems"/> gets a sentence for each that is unknown or not allowed.</summary>
    public static BrokerConfig Read(IReadOnlyDictionary<string, string> values, ICollection<string> problems)
    {
        foreach (var (name, value) in values)
        {
            var problem = BrokerConfigs.Find(name) is { } definition
                ? definition.Check(value)
                : $"{name} is not a broker setting that this broker honours.";
            if (problem is not null) problems.Add(problem);
        }
        return new BrokerConfig(values);
    }

    public T Get<T>(ConfigDefinition<T> config) => config.Parse(Text(config));

    public string Text(ConfigDefinition config) => _values.GetValueOrDefault(config.Name) ?? config.Default;

    public bool IsSet(ConfigDefinition config) => _values.ContainsKey(config.Name);

    /// <summary>The default that the broker's settings give to a setting of topics, in the topic's unit, or null when they give none.</summary>
    public (string Name, string Value)? TopicDefault(ConfigDefinition topic)
    {
        foreach (var (name, unit) in topic.BrokerNames)
        {
            if (!_values.TryGetValue(name, out var value)) continue;
            if (unit == 1) return (name, value);
            var units = long.Parse(value, CultureInfo.InvariantCulture);
            return (name, (units < 0 ? units : units * unit).ToString(CultureInfo.InvariantCulture));
        }
        return null;
    }
}
