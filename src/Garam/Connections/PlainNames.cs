using System.Globalization;
using Garam.Kafka;
using Garam.Kafka.Messages;
using Garam.Operations;
using Garam.Operations.Connections;

namespace Garam.Connections;

/// <summary>
/// Names of what a cluster holds, asked for in the protocol itself: loading the client library takes longer than the answer. Plaintext only.
/// </summary>
internal static class PlainNames
{
    // Brokers since Kafka 1.0 answer these.
    private const short MetadataVersion = 5;
    private const short ListGroupsVersion = 1;
    private const int DefaultPort = 9092;

    /// <param name="servers">Brokers to ask first: <c>HOST:PORT,...</c>.</param>
    /// <param name="patience">How long each broker may take to answer.</param>
    /// <exception cref="OperationException">No broker answered.</exception>
    public static IEnumerable<string> Topics(string servers, TimeSpan patience) =>
        Metadata(servers, topics: null, patience).Topics.Select(topic => topic.Name ?? "");

    /// <inheritdoc cref="Topics"/>
    public static IEnumerable<string> Groups(string servers, TimeSpan patience) => Metadata(servers, topics: [], patience).Brokers
        .Select(broker => BrokerRequest.Send<ListGroupsRequest, ListGroupsResponse>(
            broker.Host, broker.Port, ApiKey.ListGroups, ListGroupsVersion, new ListGroupsRequest(), patience))
        .SelectMany(answer => answer.Groups)
        .Select(group => group.GroupId);

    private static MetadataResponse Metadata(string servers, List<MetadataRequest.MetadataRequestTopic>? topics, TimeSpan patience)
    {
        var request = new MetadataRequest { Topics = topics, AllowAutoTopicCreation = false };
        var remaining = new Queue<string>(servers.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        while (remaining.TryDequeue(out var server))
        {
            var (host, port) = Address(server);
            try
            {
                return BrokerRequest.Send<MetadataRequest, MetadataResponse>(host, port, ApiKey.Metadata, MetadataVersion, request, patience);
            }
            catch (OperationException) when (remaining.Count > 0)
            {
                // The next one may answer.
            }
        }

        throw new OperationException(FailureKind.Unreachable, "no broker is named: write HOST:PORT.");
    }

    // HOST:PORT, HOST or PROTOCOL://HOST:PORT, as the library reads it. Not with Uri: loading that takes longer than the request.
    private static (string Host, int Port) Address(string server)
    {
        var place = server[(server.LastIndexOf('/') + 1)..];
        var colon = place.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(place[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? (place[..colon].Trim('[', ']'), port)
            : (place.Trim('[', ']'), DefaultPort);
    }
}
