using Garam.Broker.Apis;

namespace Garam.Broker.Groups;

/// <summary>The APIs of consumer groups, as the broker registers them.</summary>
internal static class GroupApis
{
    public static IEnumerable<Api> All() => [];
}
