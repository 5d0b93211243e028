using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Conformance.Differential;

/// <summary>One connection that sends exactly what the test says, also what no client would.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private int _correlationId;

    private RawClient(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<RawClient> ConnectAsync(string bootstrapServers)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPEndPoint.Parse(bootstrapServers), Cancellation);
        return new RawClient(socket);
    }

    /// <summary>One more connection to the same broker: a request that is parked holds up its own connection only.</summary>
    public Task<RawClient> ConnectAgainAsync() => ConnectAsync(_socket.RemoteEndPoint!.ToString()!);

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    /// <summary>Sends a request and reads its response.</summary>
    public async Task<TResponse> AskAsync<TRequest, TResponse>(TRequest request, short version)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
    {
        var api = Enum.Parse<ApiKey>(typeof(TRequest).Name[..^"Request".Length]);
        await _stream.WriteAsync(Frame(new RequestHeader(api, version, ++_correlationId, "differential"), request), Cancellation);
        return Parse<TResponse>(await ReadFrameAsync(), api, version, _correlationId);
    }

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes, Cancellation);

    /// <summary>The next frame without its size.</summary>
    /// <exception cref="IOException">The broker has closed the connection.</exception>
    public async Task<byte[]> ReadFrameAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        var size = new byte[sizeof(int)];
        await _stream.ReadExactlyAsync(size, patience.Token);
        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
        await _stream.ReadExactlyAsync(frame, patience.Token);
        return frame;
    }

    /// <summary>Creates a topic and waits until the broker leads all of its partitions.</summary>
    public async Task<Guid> CreateTopicAsync(string name, int partitions = 1, params (string Name, string Value)[] configs)
    {
        var topic = new CreateTopicsRequest.CreatableTopic { Name = name, NumPartitions = partitions, ReplicationFactor = 1 };
        topic.Configs.AddRange(configs.Select(config => new CreateTopicsRequest.CreatableTopicConfig { Name = config.Name, Value = config.Value }));
        var created = await AskAsync<CreateTopicsRequest, CreateTopicsResponse>(new CreateTopicsRequest { Topics = [topic], TimeoutMs = 30_000 }, 7);
        created.Topics.Single().ErrorCode.ShouldBe(ErrorCode.None);

        var latest = new ListOffsetsRequest { ReplicaId = -1, Topics = [new() { Name = name }] };
        latest.Topics[0].Partitions.AddRange(Enumerable.Range(0, partitions).Select(partition =>
            new ListOffsetsRequest.ListOffsetsPartition { PartitionIndex = partition, Timestamp = -1 }));
        for (var isReady = false; !isReady;)
        {
            Cancellation.ThrowIfCancellationRequested();
            var answer = await AskAsync<ListOffsetsRequest, ListOffsetsResponse>(latest, 1);
            isReady = answer.Topics.Single().Partitions.TrueForAll(partition => partition.ErrorCode == ErrorCode.None);
        }
        return created.Topics.Single().TopicId;
    }

    /// <summary>Waits until the broker coordinates a group.</summary>
    public async Task AwaitCoordinatorAsync(string group)
    {
        for (var error = ErrorCode.CoordinatorNotAvailable; error != ErrorCode.None;)
        {
            Cancellation.ThrowIfCancellationRequested();
            error = (await AskAsync<FindCoordinatorRequest, FindCoordinatorResponse>(new FindCoordinatorRequest { Key = group }, 2)).ErrorCode;
            if (error == ErrorCode.None)
            {
                error = (await AskAsync<OffsetFetchRequest, OffsetFetchResponse>(new OffsetFetchRequest { GroupId = group, Topics = null }, 5)).ErrorCode;
            }
        }
    }

    private static byte[] Frame<TRequest>(RequestHeader header, TRequest request) where TRequest : IMessage<TRequest>
    {
        var writer = new ProtocolWriter();
        try
        {
            var start = writer.BeginFrame();
            header.Write(ref writer);
            request.Write(ref writer, header.Version);
            writer.EndFrame(start);
            return writer.ToArray();
        }
        finally
        {
            writer.Dispose();
        }
    }

    private static TResponse Parse<TResponse>(byte[] frame, ApiKey api, short version, int correlationId) where TResponse : IMessage<TResponse>
    {
        var reader = new ProtocolReader(frame);
        ResponseHeader.Read(ref reader, api, version).CorrelationId.ShouldBe(correlationId);
        var response = TResponse.Read(ref reader, version);
        reader.EnsureEnd();
        return response;
    }
}
