using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Garam.Kafka;

namespace Garam.Bench.Load;

/// <summary>
/// One connection that speaks Kafka's protocol with as little work as there can be: blocking calls, one reused buffer, bytes that were put
/// together beforehand. What a load generator costs is taken from the machine that it measures.
/// </summary>
internal sealed class Wire : IDisposable
{
    private const int SizeBytes = 4;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _input = new byte[256 * 1024];
    private int _start;
    private int _end;
    private int _nextCorrelationId = 1;

    public Wire(IPEndPoint endpoint)
    {
        _socket.ReceiveTimeout = _socket.SendTimeout = 120_000;
        _socket.Connect(endpoint);
    }

    public Socket Socket => _socket;

    /// <summary>Sends a request and reads the answer to it.</summary>
    public TResponse Call<TResponse>(ApiKey api, short version, IMessage request) where TResponse : IMessage<TResponse>
    {
        var correlationId = _nextCorrelationId++;
        Send(Frame(api, version, correlationId, request));
        return Read<TResponse>(Receive().Memory, api, version, correlationId);
    }

    /// <summary>Sends a request without a body and waits for an answer whose body is not looked at.</summary>
    public Answer SendBare(ApiKey api)
    {
        Send(Frame(api, 0, _nextCorrelationId++, new Nothing()));
        return Receive();
    }

    /// <summary>A request as bytes, its size in front.</summary>
    public static byte[] Frame(ApiKey api, short version, int correlationId, IMessage request)
    {
        var writer = new ProtocolWriter(256);
        var start = writer.BeginFrame();
        new RequestHeader(api, version, correlationId, "bench").Write(ref writer);
        request.Write(ref writer, version);
        writer.EndFrame(start);
        var frame = writer.ToArray();
        writer.Dispose();
        return frame;
    }

    public static TResponse Read<TResponse>(ReadOnlyMemory<byte> frame, ApiKey api, short version, int correlationId) where TResponse : IMessage<TResponse>
    {
        var reader = new ProtocolReader(frame);
        var answered = ResponseHeader.Read(ref reader, api, version).CorrelationId;
        Check.That(answered == correlationId, $"the answer to request {correlationId} came for {answered}");
        return TResponse.Read(ref reader, version);
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[_socket.Send(bytes)..];
    }

    /// <summary>The next frame without its size; gone with the next call.</summary>
    public Answer Receive()
    {
        Answer answer;
        while (!TryTake(out answer)) ReceiveMore();
        return answer;
    }

    /// <summary>A frame that has been received already, or what can be received without waiting.</summary>
    public bool TryReceive(out Answer answer)
    {
        if (TryTake(out answer)) return true;
        if (!_socket.Poll(0, SelectMode.SelectRead)) return false;
        ReceiveMore();
        return TryTake(out answer);
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>A frame that has been received already.</summary>
    public bool TryTake(out Answer answer)
    {
        answer = default;
        if (_end - _start < SizeBytes) return false;
        var size = BinaryPrimitives.ReadInt32BigEndian(_input.AsSpan(_start));
        if (_end - _start - SizeBytes < size) return false;
        answer = new Answer(_input.AsMemory(_start + SizeBytes, size));
        _start += SizeBytes + size;
        return true;
    }

    private void ReceiveMore()
    {
        if (_start == _end) _start = _end = 0;
        else if (_start > 0 && _end == _input.Length)
        {
            _input.AsSpan(_start, _end - _start).CopyTo(_input);
            (_start, _end) = (0, _end - _start);
        }
        else if (_end == _input.Length) Array.Resize(ref _input, _input.Length * 4);
        var count = _socket.Receive(_input.AsSpan(_end));
        Check.That(count > 0, "the server closed the connection");
        _end += count;
    }

    private sealed class Nothing : IMessage
    {
        public void Write(ref ProtocolWriter writer, short version) { }
    }
}

/// <summary>An answer as bytes.</summary>
internal readonly record struct Answer(ReadOnlyMemory<byte> Memory)
{
    public int CorrelationId => BinaryPrimitives.ReadInt32BigEndian(Memory.Span);
}
