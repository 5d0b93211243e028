using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Garam.Kafka;

namespace Garam.Broker.Tests;

/// <summary>A client that sends exactly what a test says, over a real socket.</summary>
internal sealed class WireClient : IDisposable
{
    private readonly TimeSpan _patience;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private int _nextCorrelationId = 1;

    public WireClient(IPEndPoint endpoint, int? receiveBuffer = null, TimeSpan? patience = null)
    {
        _patience = patience ?? TimeSpan.FromSeconds(60);
        if (receiveBuffer is { } size) _socket.ReceiveBufferSize = size;
        _socket.Connect(endpoint);
    }

    public WireClient(string bootstrapServers) : this(IPEndPoint.Parse(bootstrapServers)) { }

    public Socket Socket => _socket;

    /// <summary>Sends a request and returns the answer to it.</summary>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(ApiKey api, short version, TRequest request)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
    {
        var correlationId = await SendAsync(api, version, request);
        var (answered, response) = await ReceiveAsync<TResponse>(api, version);
        answered.ShouldBe(correlationId);
        return response;
    }

    public async Task<int> SendAsync(ApiKey api, short version, IMessage request)
    {
        var correlationId = _nextCorrelationId++;
        await SendRawAsync(Frame(api, version, correlationId, request));
        return correlationId;
    }

    public static byte[] Frame(ApiKey api, short version, int correlationId, IMessage request)
    {
        var writer = new ProtocolWriter(256);
        var start = writer.BeginFrame();
        new RequestHeader(api, version, correlationId, "test").Write(ref writer);
        request.Write(ref writer, version);
        writer.EndFrame(start);
        var frame = writer.ToArray();
        writer.Dispose();
        return frame;
    }

    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes)
    {
        using var patience = new CancellationTokenSource(_patience);
        while (bytes.Length > 0) bytes = bytes[await _socket.SendAsync(bytes, patience.Token)..];
    }

    public async Task<(int CorrelationId, TResponse Response)> ReceiveAsync<TResponse>(ApiKey api, short version) where TResponse : IMessage<TResponse>
    {
        var reader = new ProtocolReader((await ReceiveFrameAsync())!);
        var header = ResponseHeader.Read(ref reader, api, version);
        var response = TResponse.Read(ref reader, version);
        reader.EnsureEnd();
        return (header.CorrelationId, response);
    }

    /// <summary>The next frame without its size, or null when the broker has closed the connection.</summary>
    public async Task<byte[]?> ReceiveFrameAsync()
    {
        if (await ReceiveExactlyAsync(4) is not { } size) return null;
        return await ReceiveExactlyAsync(BinaryPrimitives.ReadInt32BigEndian(size));
    }

    public async Task ShouldBeClosedAsync() => (await ReceiveFrameAsync()).ShouldBeNull();

    public void Dispose() => _socket.Dispose();

    private async Task<byte[]?> ReceiveExactlyAsync(int count)
    {
        using var patience = new CancellationTokenSource(_patience);
        var bytes = new byte[count];
        try
        {
            for (var have = 0; have < count;)
            {
                var more = await _socket.ReceiveAsync(bytes.AsMemory(have), patience.Token);
                if (more == 0) return null;
                have += more;
            }
            return bytes;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            return null;
        }
    }
}
