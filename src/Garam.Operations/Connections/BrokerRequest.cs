using System.Buffers.Binary;
using System.Net.Sockets;
using Garam.Kafka;

namespace Garam.Operations.Connections;

/// <summary>
/// One request to one broker over a connection of its own, for what the client library does not offer. Plaintext only: the library keeps what it would take
/// to encrypt or to sign in to itself.
/// </summary>
internal static class BrokerRequest
{
    private const int MaxAnswerBytes = 256 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <exception cref="OperationException">The broker did not answer, or with something else than an answer.</exception>
    public static async Task<TResponse> SendAsync<TRequest, TResponse>(string host, int port, ApiKey api, short version, TRequest request, CancellationToken cancellationToken)
        where TRequest : IMessage
        where TResponse : IMessage<TResponse>
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        try
        {
            using var client = new TcpClient { NoDelay = true };
            await client.ConnectAsync(host, port, deadline.Token).ConfigureAwait(false);
            var stream = client.GetStream();
            await stream.WriteAsync(Frame(api, version, request), deadline.Token).ConfigureAwait(false);
            return Read<TResponse>(await ReceiveAsync(stream, deadline.Token).ConfigureAwait(false), api, version);
        }
        catch (Exception exception) when (exception is SocketException or IOException or MalformedFrameException)
        {
            throw new OperationException(FailureKind.Unreachable, $"broker {host}:{port} did not answer: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new OperationException(FailureKind.Unreachable, $"broker {host}:{port} did not answer within {Patience.TotalSeconds:0} s.", exception);
        }
    }

    /// <summary>The same on the caller's thread, for a program that answers at once and ends: asynchronous methods would be compiled at every start.</summary>
    /// <exception cref="OperationException">The broker did not answer in time, or with something else than an answer.</exception>
    public static TResponse Send<TRequest, TResponse>(string host, int port, ApiKey api, short version, TRequest request, TimeSpan patience)
        where TRequest : IMessage
        where TResponse : IMessage<TResponse>
    {
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.ConnectAsync(host, port).WaitAsync(patience).GetAwaiter().GetResult();
            socket.SendTimeout = socket.ReceiveTimeout = (int)patience.TotalMilliseconds;
            using var stream = new NetworkStream(socket);
            stream.Write(Frame(api, version, request));
            return Read<TResponse>(Receive(stream), api, version);
        }
        catch (Exception exception) when (exception is SocketException or IOException or MalformedFrameException or TimeoutException)
        {
            throw new OperationException(FailureKind.Unreachable, $"broker {host}:{port} did not answer: {exception.Message}", exception);
        }
    }

    private static byte[] Frame<TRequest>(ApiKey api, short version, TRequest request) where TRequest : IMessage
    {
        var writer = new ProtocolWriter();
        try
        {
            var start = writer.BeginFrame();
            new RequestHeader(api, version, 1, "garam").Write(ref writer);
            request.Write(ref writer, version);
            writer.EndFrame(start);
            return writer.ToArray();
        }
        finally
        {
            writer.Dispose();
        }
    }

    private static async Task<byte[]> ReceiveAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var size = new byte[sizeof(int)];
        await stream.ReadExactlyAsync(size, cancellationToken).ConfigureAwait(false);
        var answer = new byte[AnnouncedLength(size)];
        await stream.ReadExactlyAsync(answer, cancellationToken).ConfigureAwait(false);
        return answer;
    }

    private static byte[] Receive(NetworkStream stream)
    {
        var size = new byte[sizeof(int)];
        stream.ReadExactly(size);
        var answer = new byte[AnnouncedLength(size)];
        stream.ReadExactly(answer);
        return answer;
    }

    private static int AnnouncedLength(byte[] size) => BinaryPrimitives.ReadInt32BigEndian(size) is var length and >= 0 and <= MaxAnswerBytes
        ? length
        : throw new IOException(
            $"an answer of {Words.Count(BinaryPrimitives.ReadInt32BigEndian(size), "byte")} was announced; at most {Words.Number(MaxAnswerBytes)} are read.");

    private static TResponse Read<TResponse>(byte[] answer, ApiKey api, short version) where TResponse : IMessage<TResponse>
    {
        var reader = new ProtocolReader(answer);
        _ = ResponseHeader.Read(ref reader, api, version);
        return TResponse.Read(ref reader, version);
    }
}
