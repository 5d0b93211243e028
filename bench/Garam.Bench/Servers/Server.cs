using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Garam.Bench.Load;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Bench.Servers;

/// <summary>A server that is measured: a process of its own on a data directory of its own, and the requests that prepare a measurement.</summary>
internal sealed class Server : IDisposable
{
    private const long LatestOffset = -1;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private Server(ServerKind kind, Process process, IPEndPoint endpoint, TimeSpan startTime)
    {
        Kind = kind;
        _process = process;
        Endpoint = endpoint;
        StartTime = startTime;
        Processes = new ProcessTree(process.Id);
    }

    public ServerKind Kind { get; }

    public IPEndPoint Endpoint { get; }

    /// <summary>From the start of its process until it has answered a Metadata request.</summary>
    public TimeSpan StartTime { get; }

    public ProcessTree Processes { get; }

    /// <summary>Starts a server and waits until it serves clients.</summary>
    public static Server Start(ServerKind kind, string dataDirectory)
    {
        Directory.CreateDirectory(dataDirectory);
        var endpoint = FreeEndpoint();
        var clock = Stopwatch.StartNew();
        var process = Process.Start(kind.Command(endpoint, dataDirectory)) ?? throw new InvalidOperationException($"{kind.Name} did not start");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            WaitUntilServed(kind, process, endpoint, clock);
        }
        catch
        {
            Stop(process);
            throw;
        }
        return new Server(kind, process, endpoint, clock.Elapsed);
    }

    public Wire Connect() => new(Endpoint);

    /// <summary>Makes a topic on which nothing but the load happens, and returns its id.</summary>
    public Guid CreateTopic(string name, int partitions)
    {
        if (!Kind.SpeaksKafka) return default;
        using var wire = Connect();
        var topic = new CreateTopicsRequest.CreatableTopic { Name = name, NumPartitions = partitions, ReplicationFactor = 1 };
        var created = wire.Call<CreateTopicsResponse>(ApiKey.CreateTopics, 7, new CreateTopicsRequest { Topics = { topic } }).Topics[0];
        Check.That(created.ErrorCode == ErrorCode.None, $"{Kind.Name} does not make {name}: {created.ErrorCode} {created.ErrorMessage}");
        WaitForLeaders(wire, name, partitions);
        return created.TopicId;
    }

    /// <summary>Gives back the disk and the page cache that a topic has taken.</summary>
    public void DeleteTopic(string name)
    {
        using var wire = Connect();
        if (Kind.SpeaksKafka) wire.Call<DeleteTopicsResponse>(ApiKey.DeleteTopics, 5, new DeleteTopicsRequest { TopicNames = { name }, TimeoutMs = 60_000 });
        else wire.SendBare(ApiKey.DeleteTopics);
    }

    public void Dispose() => Stop(_process);

    /// <summary>Kafka names a leader before that broker knows of it: only an answer of the partition itself says that it is there.</summary>
    private static void WaitForLeaders(Wire wire, string name, int partitions)
    {
        var topic = new ListOffsetsRequest.ListOffsetsTopic { Name = name };
        for (var index = 0; index < partitions; index++) topic.Partitions.Add(new() { PartitionIndex = index, Timestamp = LatestOffset });
        var request = new ListOffsetsRequest { ReplicaId = -1, Topics = { topic } };
        var clock = Stopwatch.StartNew();
        while (wire.Call<ListOffsetsResponse>(ApiKey.ListOffsets, 6, request).Topics[0].Partitions.Find(one => one.ErrorCode != ErrorCode.None) is { } missing)
        {
            Check.That(clock.Elapsed < Patience, $"{name}-{missing.PartitionIndex} has no leader: {missing.ErrorCode}");
            Thread.Sleep(50);
        }
    }

    private static void WaitUntilServed(ServerKind kind, Process process, IPEndPoint endpoint, Stopwatch clock)
    {
        while (!TryAsk(kind, endpoint))
        {
            Check.That(!process.HasExited, $"{kind.Name} ended with {(process.HasExited ? process.ExitCode : 0)} before it served anybody");
            Check.That(clock.Elapsed < Patience, $"{kind.Name} did not serve anybody within {Patience.TotalSeconds} s");
            Thread.Sleep(1);
        }
    }

    private static bool TryAsk(ServerKind kind, IPEndPoint endpoint)
    {
        try
        {
            using var wire = new Wire(endpoint);
            return !kind.SpeaksKafka || wire.Call<MetadataResponse>(ApiKey.Metadata, 9, new MetadataRequest { Topics = [] }).Brokers.Count > 0;
        }
        catch (Exception exception) when (exception is SocketException or WrongAnswerException)
        {
            return false;
        }
    }

    private static IPEndPoint FreeEndpoint()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    private static void Stop(Process process)
    {
        using (process)
        {
            if (process.HasExited) return;
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
            if (!process.WaitForExit(TimeSpan.FromSeconds(20))) process.Kill(entireProcessTree: true);
        }
    }
}
