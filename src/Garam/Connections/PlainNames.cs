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
        var remaining = new Queue<string>(servers.Split(',', StringSplitOptions.TrimEntries));
        while (true)
        {
            var (host, port) = Address(remaining.Dequeue());
            try
            {
                return BrokerRequest.Send<MetadataRequest, MetadataResponse>(host, port, ApiKey.Metadata, MetadataVersion, request, patience);
            }
            catch (OperationException) when (remaining.Count > 0)
            {
                // The next one may answer.
            }
        }
    }

    private static (string Host, int Port) Address(string server) =>
        Uri.TryCreate(server.Contains("://", StringComparison.Ordinal) ? server : $"kafka://{server}", UriKind.Absolute, out var uri)
            ? (uri.IdnHost, uri.Port < 0 ? DefaultPort : uri.Port)
            : throw new OperationException(FailureKind.Unreachable, $"{server} is not the address of a broker: write HOST:PORT.");
}
