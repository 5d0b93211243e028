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
    /// <param name="ct">Ends the waiting.</param>
    /// <exception cref="OperationException">No broker answered.</exception>
    public static async Task<IReadOnlyList<string>> TopicsAsync(string servers, CancellationToken ct)
    {
        var cluster = await MetadataAsync(servers, topics: null, ct);
        return [.. cluster.Topics.Select(topic => topic.Name ?? "")];
    }

    /// <inheritdoc cref="TopicsAsync"/>
    public static async Task<IReadOnlyList<string>> GroupsAsync(string servers, CancellationToken ct)
    {
        var cluster = await MetadataAsync(servers, topics: [], ct);
        var answers = await Task.WhenAll(cluster.Brokers.Select(broker =>
            BrokerRequest.SendAsync<ListGroupsRequest, ListGroupsResponse>(broker.Host, broker.Port, ApiKey.ListGroups, ListGroupsVersion, new ListGroupsRequest(), ct)));
        return [.. answers.SelectMany(answer => answer.Groups).Select(group => group.GroupId)];
    }

    private static async Task<MetadataResponse> MetadataAsync(string servers, List<MetadataRequest.MetadataRequestTopic>? topics, CancellationToken ct)
    {
        var request = new MetadataRequest { Topics = topics, AllowAutoTopicCreation = false };
        var remaining = new Queue<string>(servers.Split(',', StringSplitOptions.TrimEntries));
        while (true)
        {
            var (host, port) = Address(remaining.Dequeue());
            try
            {
                return await BrokerRequest.SendAsync<MetadataRequest, MetadataResponse>(host, port, ApiKey.Metadata, MetadataVersion, request, ct);
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
