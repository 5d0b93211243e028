using System.Diagnostics.CodeAnalysis;
using Garam.Kafka;

namespace Garam.Broker.Apis;

/// <summary>Every API that this broker serves, by key. What is not here is not advertised, and a request for it closes the connection, as in Kafka.</summary>
internal sealed class ApiTable
{
    private readonly Api?[] _byKey;

    public ApiTable(IEnumerable<Api> apis)
    {
        var all = apis.OrderBy(api => api.Key).ToArray();
        _byKey = new Api?[all.Length == 0 ? 0 : (int)all[^1].Key + 1];
        foreach (var api in all)
        {
            if (_byKey[(int)api.Key] is not null) throw new ArgumentException($"{api.Key} is registered twice.", nameof(apis));
            _byKey[(int)api.Key] = api;
        }
        All = all;
    }

    /// <summary>In the order of the keys.</summary>
    public IReadOnlyList<Api> All { get; }

    public bool TryFind(ApiKey key, [NotNullWhen(true)] out Api? api)
    {
        api = (uint)key < (uint)_byKey.Length ? _byKey[(int)key] : null;
        return api is not null;
    }
}
