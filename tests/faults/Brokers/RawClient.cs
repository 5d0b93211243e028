using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Garam.Kafka;

namespace Garam.Faults.Brokers;

/// <summary>One connection straight to the broker, for what client libraries do not show: served bytes, and the end of the log.</summary>
internal sealed class RawClient : IDisposable
{
    private const int MaxFrame = 64 * 1024 * 1024;

    private readonly NetworkStream _stream;
    private int _correlationId;

    private RawClient(Socket socket) => _stream = new NetworkStream(socket, ownsSocket: true);

    public static async Task<RawClient> ConnectAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address, cancellationToken);
        return new RawClient(socket);
    }

    /// <summary>Sends a request and reads its response.</summary>
    /// <exception cref="IOException">The connection is lost.</exception>
    public async Task<TResponse> AskAsync<TRequest, TResponse>(ApiKey api, short version, TRequest request, CancellationToken cancellationToken)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
    {
        await _stream.WriteAsync(Frame(new RequestHeader(api, version, ++_correlationId, "faults"), request), cancellationToken);
        var size = new byte[sizeof(int)];
        await _stream.ReadExactlyAsync(size, cancellationToken);
        var length = BinaryPrimitives.ReadInt32BigEndian(size);
        if (length is < 0 or > MaxFrame)
        {
            throw new IOException($"An answer of {length} bytes.");
        }

        var frame = new byte[length];
        await _stream.ReadExactlyAsync(frame, cancellationToken);
        return Parse<TResponse>(frame, api, version, _correlationId);
    }

    public void Dispose() => _stream.Dispose();

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
        if (ResponseHeader.Read(ref reader, api, version).CorrelationId != correlationId)
        {
            throw new IOException("An answer to another question.");
        }

        var response = TResponse.Read(ref reader, version);
        reader.EnsureEnd();
        return response;
    }
}
