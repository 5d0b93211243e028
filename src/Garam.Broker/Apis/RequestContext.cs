using System.Net;
using Garam.Kafka;

namespace Garam.Broker.Apis;

/// <summary>What a handler knows of a request besides its body.</summary>
internal sealed record RequestContext(ApiKey ApiKey, short Version, int CorrelationId, string? ClientId, ClientConnection Connection)
{
    /// <summary>The node whose listener received the request: leadership and coordinator checks use this one.</summary>
    public BrokerNode Node => Connection.Node;

    /// <summary>Signalled when the connection closes: nobody waits for the answer any more.</summary>
    public CancellationToken Closed => Connection.Closed;
}

/// <summary>What a handler may know of the connection that a request came by.</summary>
/// <param name="Node">The node whose listener accepted it.</param>
/// <param name="Local">The address of ours that the client reached.</param>
/// <param name="Remote">The client's address.</param>
/// <param name="Closed">Signalled when the connection closes.</param>
internal sealed record ClientConnection(BrokerNode Node, IPEndPoint Local, IPEndPoint Remote, CancellationToken Closed)
{
    /// <summary>The client's address as Kafka shows it in group descriptions: <c>/127.0.0.1</c>.</summary>
    public string ClientHost => "/" + Remote.Address;

    /// <summary>Where this client is told to connect to: the advertised address, or the one that it reached.</summary>
    public BrokerEndpoint Endpoint => Node.Advertised ?? new BrokerEndpoint(Local.Address.ToString(), Local.Port);
}

/// <summary>One broker of the cluster that clients see.</summary>
/// <param name="Id">The broker id.</param>
/// <param name="Advertised">The address for clients; null: the one that they reached.</param>
internal sealed record BrokerNode(int Id, BrokerEndpoint? Advertised);

/// <summary>A host and a port, as clients are told them.</summary>
internal readonly record struct BrokerEndpoint(string Host, int Port)
{
    /// <summary><c>HOST:PORT</c>, as clients write it; an IPv6 address stands in brackets.</summary>
    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
