using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Tests.Groups;

/// <summary>A client that sends exactly the request that a test writes, at the version that it names. One connection; requests may be pipelined.</summary>
internal sealed class WireClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly string _clientId;
    private readonly Queue<int> _expected = new();
    private int _correlation;

    private WireClient(Socket socket, string clientId)
    {
        _socket = socket;
        _clientId = clientId;
    }

    public static async Task<WireClient> ConnectAsync(string bootstrapServers, string clientId = "wire")
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPEndPoint.Parse(bootstrapServers));
        return new WireClient(socket, clientId);
    }

    public async Task<TResponse> AskAsync<TRequest, TResponse>(TRequest request, short version)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        await SendAsync(request, version);
        return await ReceiveAsync<TRequest, TResponse>(version);
    }

    public async Task SendAsync<TRequest>(TRequest request, short version)
        where TRequest : class, IMessage<TRequest>
    {
        var writer = new ProtocolWriter();
        var frame = writer.BeginFrame();
        new RequestHeader(KeyOf<TRequest>(), version, ++_correlation, _clientId).Write(ref writer);
        request.Write(ref writer, version);
        writer.EndFrame(frame);
        var bytes = writer.ToArray();
        writer.Dispose();
        _expected.Enqueue(_correlation);
        await _socket.SendAsync(bytes);
    }

    public async Task<TResponse> ReceiveAsync<TRequest, TResponse>(short version)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var size = BinaryPrimitives.ReadInt32BigEndian(await ReceiveAsync(4));
        return Read<TRequest, TResponse>(await ReceiveAsync(size), version);
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private TResponse Read<TRequest, TResponse>(byte[] frame, short version)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var reader = new ProtocolReader(frame);
        ResponseHeader.Read(ref reader, KeyOf<TRequest>(), version).CorrelationId.ShouldBe(_expected.Dequeue());
        var response = TResponse.Read(ref reader, version);
        reader.EnsureEnd();
        return response;
    }

    private async Task<byte[]> ReceiveAsync(int count)
    {
        using var deadline = new CancellationTokenSource(Patience);
        var bytes = new byte[count];
        for (var got = 0; got < count;)
        {
            var read = await _socket.ReceiveAsync(bytes.AsMemory(got), deadline.Token);
            got += read > 0 ? read : throw new IOException("The broker closed the connection.");
        }

        return bytes;
    }

    private static ApiKey KeyOf<TRequest>() => Enum.Parse<ApiKey>(typeof(TRequest).Name[..^"Request".Length]);
}
