namespace Garam.Broker.Apis;

/// <summary>The protocol's numbers for what may have settings.</summary>
internal static class ConfigResourceType
{
    public const sbyte Topic = 2, Broker = 4, BrokerLogger = 8, ClientMetrics = 16, Group = 32;

    public static IReadOnlyList<sbyte> All { get; } = [Group, ClientMetrics, BrokerLogger, Broker, Topic];
}
