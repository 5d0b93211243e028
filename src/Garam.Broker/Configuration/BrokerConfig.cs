using System.Globalization;

namespace Garam.Broker.Configuration;

/// <summary>
/// The broker's settings, in layers: what was said while it ran (KIP-226) hides what it was started with. Only the defaults of topics can be
/// changed while it runs; everything else is read once.
/// </summary>
internal sealed class BrokerConfig
{
    /// <summary>The strongest first.</summary>
    private volatile IReadOnlyList<(ConfigSource Source, IReadOnlyDictionary<string, string> Values)> _layers;

    private BrokerConfig(IReadOnlyDictionary<string, string> values)
    {
        var nothing = new Dictionary<string, string>();
        _layers = [(ConfigSource.RunningBroker, nothing), (ConfigSource.RunningDefault, nothing), (ConfigSource.Broker, values)];
    }

    /// <summary>Nothing set: the defaults.</summary>
    public static BrokerConfig Default => new(new Dictionary<string, string>());

    /// <summary>Takes settings by their names; <paramref name="problems"/> gets a sentence for each that is unknown or not allowed.</summary>
    public static BrokerConfig Read(IReadOnlyDictionary<string, string> values, ICollection<string> problems)
    {
        foreach (var (name, value) in values)
        {
            var problem = BrokerConfigs.Find(name) is { } definition ? definition.Check(value) : UnservedConfigs.Refuse(name, "broker");
            if (problem is not null) problems.Add(problem);
        }
        return new BrokerConfig(values);
    }

    public T Get<T>(ConfigDefinition<T> config) => config.Parse(Text(config));

    public string Text(ConfigDefinition config) => Find(config.Name)?.Value ?? config.Default;

    /// <summary>Where the value comes from.</summary>
    public ConfigSource Source(ConfigDefinition config) => Find(config.Name)?.Source ?? ConfigSource.Default;

    /// <summary>What one layer says.</summary>
    public IReadOnlyDictionary<string, string> Layer(ConfigSource source) => _layers.First(layer => layer.Source == source).Values;

    /// <summary>Replaces what one layer says; the caller has checked it.</summary>
    public void SetLayer(ConfigSource source, IReadOnlyDictionary<string, string> values) =>
        _layers = [.. _layers.Select(layer => layer.Source == source ? (source, values) : layer)];

    /// <summary>Every layer that says something about a setting, the strongest first.</summary>
    public IEnumerable<(ConfigSource Source, string Value)> Said(string name)
    {
        foreach (var (source, values) in _layers)
            if (values.TryGetValue(name, out var value)) yield return (source, value);
    }

    /// <summary>The default that the broker's settings give to a setting of topics, in the topic's unit, or null when they give none.</summary>
    public (string Name, string Value, ConfigSource Source)? TopicDefault(ConfigDefinition topic)
    {
        foreach (var @default in TopicDefaults(topic)) return @default;
        return null;
    }

    /// <summary>Every default that is said for a setting of topics, the strongest first.</summary>
    public IEnumerable<(string Name, string Value, ConfigSource Source)> TopicDefaults(ConfigDefinition topic)
    {
        foreach (var (name, unit) in topic.BrokerNames)
            foreach (var (source, value) in Said(name))
                yield return (name, unit == 1 ? value : Scale(value, unit), source);
    }

    private static string Scale(string value, long unit)
    {
        var units = long.Parse(value, CultureInfo.InvariantCulture);
        return (units < 0 ? units : units * unit).ToString(CultureInfo.InvariantCulture);
    }

    private (ConfigSource Source, string Value)? Find(string name)
    {
        foreach (var said in Said(name)) return said;
        return null;
    }
}
