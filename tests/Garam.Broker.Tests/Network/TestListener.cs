using System.Net;
using Garam.Broker.Apis;
using Garam.Broker.Network;
using Garam.Broker.Resources;
using Garam.Broker.Timers;
using Garam.Kafka;
using Garam.Kafka.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Broker.Tests.Network;

/// <summary>A listener with handlers of the test's own.</summary>
internal sealed class TestListener : IAsyncDisposable
{
    private readonly Listener _listener;
    private readonly TimerQueue _timers;

    public TestListener(NetworkOptions? options = null, TimeProvider? time = null, params Api[] apis)
    {
        time ??= TimeProvider.System;
        _timers = new TimerQueue(time);
        _listener = Listener.Bind(new IPEndPoint(IPAddress.Loopback, 0), new BrokerNode(1, null), options ?? new NetworkOptions(), _timers, time, NullLogger.Instance, Problems);
        ApiTable? table = null;
        table = new ApiTable([new ApiVersionsApi(new Lazy<ApiTable>(() => table!)), .. apis]);
        _listener.Start(new RequestDispatcher(table));
    }

    public BrokerProblems Problems { get; } = new(NullLogger.Instance, TimeProvider.System);

    public ResponseMemory Memory => _listener.Memory;

    public WireClient Connect(int? receiveBuffer = null) => new(_listener.Endpoint, receiveBuffer);

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        _timers.Dispose();
    }
}

/// <summary>Answers a heartbeat when the test says so: the member id names the answer that it waits for.</summary>
internal sealed class ManualApi(Func<HeartbeatRequest, RequestContext, ValueTask<HeartbeatResponse?>> handle)
    : Api<HeartbeatRequest, HeartbeatResponse>(ApiKey.Heartbeat, 0, 4)
{
    protected override ValueTask<HeartbeatResponse?> HandleAsync(HeartbeatRequest request, RequestContext context) => handle(request, context);
}

/// <summary>Answers with as much text as the test likes.</summary>
internal sealed class DescribeApi(Func<string> text) : Api<DescribeGroupsRequest, DescribeGroupsResponse>(ApiKey.DescribeGroups, 0, 5)
{
    protected override ValueTask<DescribeGroupsResponse?> HandleAsync(DescribeGroupsRequest request, RequestContext context) =>
        new(new DescribeGroupsResponse { Groups = [new DescribeGroupsResponse.DescribedGroup { GroupId = text() }] });
}

/// <summary>Answers every fetch with the same records: one partition for each piece.</summary>
internal sealed class RecordsApi(byte[][] pieces) : Api<FetchRequest, FetchResponse>(ApiKey.Fetch, 4, 12)
{
    protected override ValueTask<FetchResponse?> HandleAsync(FetchRequest request, RequestContext context)
    {
        var partitions = pieces.Select((piece, index) => new FetchResponse.PartitionData { PartitionIndex = index, Records = piece });
        return new(new FetchResponse { Responses = [new FetchResponse.FetchableTopicResponse { Topic = "pieces", Partitions = [.. partitions] }] });
    }
}
