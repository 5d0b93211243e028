using System.Net;
using Garam.Broker;
using Garam.Broker.Apis;
using Garam.Broker.Network;
using Garam.Broker.Resources;
using Garam.Broker.Tests;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Fuzz.Requests;

/// <summary>
/// A whole broker on a clock that stands still, and one client below its socket: frames go to the dispatcher as a connection hands them over, and
/// answers are put into bytes as a connection sends them.
/// </summary>
internal sealed class FuzzBroker : IDisposable
{
    public static readonly string[] Topics = ["orders", "events", "compacted", "small"];

    private readonly string _directory = Directory.CreateTempSubdirectory("garam-fuzz-broker-").FullName;
    private KafkaBroker _broker;
    private RequestDispatcher _dispatcher;
    private CancellationTokenSource _connection = new();
    private ClientConnection _client = null!;
    private ResponseQueue _responses = null!;

    public FuzzBroker()
    {
        (_broker, _dispatcher) = Start();
        Reconnect();
        Create();
    }

    public TestClock Time { get; } = new();

    public IReadOnlyList<Api> Apis => _broker.Apis.All;

    /// <summary>Of the topics that are there from the start.</summary>
    public List<Guid> TopicIds { get; } = [];

    public (PendingResponse Place, ValueTask<IMessage?> Answer) Dispatch(ReadOnlyMemory<byte> frame)
    {
        // As Connection does: what a request sets off for others is done on this thread, after its own answer.
        var after = new AfterAnswers();
        after.StartNoting();
        try
        {
            return _dispatcher.Dispatch(frame, _client, _responses);
        }
        finally
        {
            after.StopNoting();
            after.Run();
        }
    }

    /// <summary>The client leaves, and comes again.</summary>
    public void Reconnect()
    {
        _connection.Cancel();
        _connection.Dispose();
        _connection = new CancellationTokenSource();
        var endpoint = IPEndPoint.Parse(_broker.BootstrapServers);
        _client = new ClientConnection(new BrokerNode(1, null), endpoint, new IPEndPoint(IPAddress.Loopback, 50_000), _connection.Token);
        // Nothing is sent through it: it only keeps the places.
        _responses = new ResponseQueue(null!, new NetworkOptions(), new ResponseMemory(long.MaxValue), _connection.Token);
    }

    /// <summary>The broker stops, and starts on what it has left.</summary>
    public void Restart()
    {
        Stop();
        (_broker, _dispatcher) = Start();
        Reconnect();
    }

    public void Dispose()
    {
        _connection.Cancel();
        Stop();
        _connection.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private (KafkaBroker Broker, RequestDispatcher Dispatcher) Start()
    {
        var broker = KafkaBroker.StartAsync(new KafkaBrokerOptions { DataDirectory = _directory, TimeProvider = Time }).GetAwaiter().GetResult();
        return (broker, new RequestDispatcher(broker.Apis));
    }

    private void Stop() => _broker.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private void Create()
    {
        var request = new CreateTopicsRequest { TimeoutMs = 1000 };
        foreach (var name in Topics)
        {
            var topic = new CreateTopicsRequest.CreatableTopic { Name = name, NumPartitions = 3, ReplicationFactor = 1 };
            if (name == "compacted") topic.Configs.Add(new() { Name = "cleanup.policy", Value = "compact" });
            if (name == "small") topic.Configs.Add(new() { Name = "segment.bytes", Value = "16384" });
            request.Topics.Add(topic);
        }
        var answer = Dispatch(Frame(ApiKey.CreateTopics, 7, request)).Answer.AsTask().GetAwaiter().GetResult();
        TopicIds.AddRange(((CreateTopicsResponse)answer!).Topics.Select(topic => topic.TopicId));
    }

    public static byte[] Frame(ApiKey api, short version, IMessage request)
    {
        var writer = new ProtocolWriter(256);
        try
        {
            new RequestHeader(api, version, 1, "fuzz").Write(ref writer);
            request.Write(ref writer, version);
            return writer.ToArray();
        }
        finally
        {
            writer.Dispose();
        }
    }
}
