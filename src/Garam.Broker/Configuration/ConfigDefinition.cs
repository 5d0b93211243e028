using System.Globalization;

namespace Garam.Broker.Configuration;

/// <summary>The type of a setting, with the numbers of the DescribeConfigs API.</summary>
internal enum ConfigType : sbyte
{
    Boolean = 1,
    String = 2,
    Int = 3,
    Long = 5,
    Double = 6,
    List = 7,
}

/// <summary>One setting that this broker honours: its Kafka name, type, default and meaning. What is not defined is refused.</summary>
/// <param name="Name">As in Kafka's documentation.</param>
/// <param name="Type">As DescribeConfigs reports it.</param>
/// <param name="Default">As text, in the setting's own unit.</param>
/// <param name="Documentation">One or two sentences: meaning, unit, range.</param>
internal abstract record ConfigDefinition(string Name, ConfigType Type, string Default, string Documentation)
{
    /// <summary>The broker's settings that give a topic's setting its default, the strongest first, each with the size of its unit in the topic's unit.</summary>
    public IReadOnlyList<(string Name, long Unit)> BrokerNames { get; init; } = [];

    /// <summary>Kafka's default and why ours is another one, in a few words; null where they are the same.</summary>
    public (string Default, string Reason)? InKafka { get; init; }

    /// <summary>Null when <paramref name="text"/> is allowed, else a sentence that says what is.</summary>
    public abstract string? Check(string text);

    public static ConfigDefinition<bool> Bool(string name, bool @default, string documentation) =>
        new(name, ConfigType.Boolean, @default ? "true" : "false", documentation,
            text => text switch { "true" => true, "false" => false, _ => throw new FormatException("true or false") });

    public static ConfigDefinition<int> Int(string name, int @default, int min, int max, string documentation) =>
        new(name, ConfigType.Int, @default.ToString(CultureInfo.InvariantCulture), documentation,
            text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
                ? value : throw new FormatException($"a whole number from {min} to {max}"));

    public static ConfigDefinition<long> Long(string name, long @default, long min, string documentation) =>
        new(name, ConfigType.Long, @default.ToString(CultureInfo.InvariantCulture), documentation,
            text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min
                ? value : throw new FormatException($"a whole number from {min} on"));

    public static ConfigDefinition<double> Ratio(string name, double @default, string documentation) =>
        new(name, ConfigType.Double, @default.ToString(CultureInfo.InvariantCulture), documentation,
            text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1
                ? value : throw new FormatException("a number from 0 to 1"));

    public static ConfigDefinition<string> Choice(string name, string[] allowed, string documentation) =>
        new(name, ConfigType.String, allowed[0], documentation,
            text => allowed.Contains(text) ? text : throw new FormatException(allowed.Length == 1 ? $"{(allowed[0] is "" ? "nothing" : allowed[0])}, the only value that this broker supports," : string.Join(" or ", allowed)));

    /// <summary>A comma-separated list of words out of <paramref name="allowed"/>.</summary>
    public static ConfigDefinition<IReadOnlyList<string>> Words(string name, string @default, string[] allowed, string documentation) =>
        new(name, ConfigType.List, @default, documentation,
            text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is var words && words.All(allowed.Contains)
                ? words : throw new FormatException($"a list of {string.Join(", ", allowed)}"));
}

/// <summary>A setting with the type of its values. Its parser throws <see cref="FormatException"/> with a message that says what is allowed.</summary>
internal sealed record ConfigDefinition<T>(string Name, ConfigType Type, string Default, string Documentation, Func<string, T> Parse)
    : ConfigDefinition(Name, Type, Default, Documentation)
{
    public override string? Check(string text)
    {
        try
        {
            Parse(text);
            return null;
        }
        catch (FormatException exception)
        {
            return $"{Name} = {text}: {exception.Message} is expected.";
        }
    }
}
