using System.Buffers.Binary;
using Garam.Broker.Network;
using Garam.Fuzz.Batches;
using Garam.Fuzz.Mutation;
using Garam.Kafka;
using Garam.Kafka.Messages;
using Garam.Kafka.Records;
using Garam.Kafka.Tests.Messages;

namespace Garam.Fuzz.Requests;

/// <summary>
/// Sends requests to a whole broker. Each is answered with bytes that its own client can read, or closes its connection for a reason that is
/// foreseen, or waits: a fetch until the client leaves, a member until time has passed.
/// </summary>
internal sealed class RequestTarget : IFuzzTarget
{
    /// <summary>Api key, version and correlation id: mostly left alone, so that the damage is to the contents.</summary>
    private const int HeaderSize = 8;

    private const int RequestsPerConnection = 64;

    private static readonly TimeSpan LongestWaitOfMembers = TimeSpan.FromMilliseconds(int.MaxValue) + TimeSpan.FromDays(1);

    private readonly Random _random;
    private readonly FuzzBroker _broker = new();
    private readonly KnownValues _known;
    private readonly BatchSeeds _batches;
    private readonly RequestCorpus _corpus;
    private readonly Mutator _mutator;
    private readonly ByteList _input = new();
    private readonly List<(ApiKey Api, Task<IMessage?> Answer)> _waiting = [];
    private byte[] _frame = new byte[4096];
    private int _requests;

    public RequestTarget(Random random)
    {
        _random = random;
        _known = new KnownValues(random);
        _batches = new BatchSeeds(random, _broker.Time.GetUtcNow().ToUnixTimeMilliseconds());
        _corpus = new RequestCorpus(random, _broker.Apis, new RequestFiller(random, _broker, _known, _batches));
        _mutator = new Mutator(random);
    }

    /// <summary>Requests are read into lists and objects; the rest is what is there to be described, and the buffers of a fetch.</summary>
    public long MaxAllocation(int inputLength) => (128L << 20) + 256L * inputLength;

    public ReadOnlyMemory<byte> Next()
    {
        if (++_requests % RequestsPerConnection == 0) Leave();
        _input.Set(_corpus.Any());
        if (_random.Next(6) != 0) _mutator.Mutate(_input, _random.Next(20) == 0 ? 0 : HeaderSize, _corpus.Any());
        return _input.Memory;
    }

    public string Take(ReadOnlySpan<byte> input)
    {
        // A connection's receive buffer is used again for the next frames: who keeps a slice of it will find other bytes there.
        if (_frame.Length < input.Length) _frame = new byte[input.Length * 2];
        input.CopyTo(_frame);
        var name = input.Length < HeaderSize ? "(cut header)" : ((ApiKey)BinaryPrimitives.ReadInt16BigEndian(input)).ToString();
        if (int.TryParse(name, out _)) name = "(unknown)";
        try
        {
            var (place, answer) = _broker.Dispatch(_frame.AsMemory(0, input.Length));
            return $"{name}: {Receive(place, answer)}";
        }
        catch (MalformedFrameException)
        {
            return $"{name}: closed, malformed";
        }
        catch (CloseConnectionException)
        {
            return $"{name}: closed, refused";
        }
    }

    /// <summary>Everybody who waits is answered in the end, and the broker starts again on what it has written.</summary>
    public void Finish()
    {
        Leave();
        for (var times = 0; times < 3 && _waiting.Count > 0; times++)
        {
            _broker.Time.Advance(LongestWaitOfMembers);
            ForgetAnswered();
        }
        if (_waiting.Count > 0) throw new BrokenPromiseException($"{_waiting.Count} requests are never answered, the first of them {_waiting[0].Api}");
        _broker.Restart();
        foreach (var (api, version) in new[] { (ApiKey.Metadata, (short)12), (ApiKey.ListGroups, (short)4) })
        {
            var (place, answer) = _broker.Dispatch(FuzzBroker.Frame(api, version, (IMessage)Activator.CreateInstance(MessageType.Named($"{api}Request").ClrType)!));
            Receive(place, answer);
        }
    }

    public void Dispose() => _broker.Dispose();

    private static bool MayWait(ApiKey api) => api is ApiKey.Fetch or ApiKey.JoinGroup or ApiKey.SyncGroup;

    private string Receive(PendingResponse place, ValueTask<IMessage?> answer)
    {
        if (!answer.IsCompleted && MayWait(place.Request.ApiKey))
        {
            _waiting.Add((place.Request.ApiKey, answer.AsTask()));
            return "waits";
        }
        // A write of ours to the disk, at most. The watchdog looks after those that wait for more.
        var message = answer.AsTask().GetAwaiter().GetResult();
        if (message is null) return "no answer wanted";
        Learn(Read(message, place));
        return "answered";
    }

    /// <summary>The answer as its client reads it.</summary>
    private static object Read(IMessage message, PendingResponse place)
    {
        var writer = new ProtocolWriter();
        try
        {
            message.Write(ref writer, place.Request.Version);
            return MessageType.Named($"{place.Request.ApiKey}Response").Read(writer.ToArray(), place.Request.Version);
        }
        finally
        {
            writer.Dispose();
            (message as IDisposable)?.Dispose();
        }
    }

    private void Learn(object response)
    {
        if (response.GetType().GetProperty("ThrottleTimeMs")?.GetValue(response) is > 0) throw new BrokenPromiseException("a client is told to wait, and nothing is throttled");
        switch (response)
        {
            case JoinGroupResponse { MemberId.Length: > 0 } joined: _known.AddMember(joined.MemberId); break;
            case InitProducerIdResponse { ProducerId: >= 0 } producer: _known.AddProducer(producer.ProducerId); break;
            case FetchResponse fetched:
                if (fetched.SessionId != 0) _known.AddSession(fetched.SessionId);
                Check(fetched);
                break;
        }
    }

    private static void Check(FetchResponse response)
    {
        foreach (var partition in response.Responses.SelectMany(topic => topic.Partitions))
        {
            var bytes = (partition.Records ?? default).Span;
            while (RecordBatch.TryRead(bytes, out var batch))
            {
                if (!batch.HasValidCrc) throw new BrokenPromiseException("a fetched batch is damaged");
                bytes = bytes[batch.Bytes.Length..];
            }
            if (!bytes.IsEmpty) throw new BrokenPromiseException("a fetched batch is cut");
        }
    }

    /// <summary>The client goes and comes again, and time passes: fetches that waited are let go, members are not.</summary>
    private void Leave()
    {
        _broker.Reconnect();
        foreach (var (api, answer) in _waiting)
        {
            if (api == ApiKey.Fetch) answer.GetAwaiter().GetResult();
        }
        _broker.Time.Advance(TimeSpan.FromMilliseconds(_random.Next(8) == 0 ? _random.Next(600_000) : _random.Next(5_000)));
        ForgetAnswered();
    }

    private void ForgetAnswered() => _waiting.RemoveAll(waiting =>
    {
        if (!waiting.Answer.IsCompleted) return false;
        if (waiting.Answer.GetAwaiter().GetResult() is IDisposable held) held.Dispose();
        return true;
    });
}
