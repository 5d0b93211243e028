using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using Garam.Kafka;
using Garam.Kafka.Messages;
using Microsoft.Extensions.Logging;

namespace Garam.Broker.Tests.Network;

public sealed class HostileFrameTests
{
    /// <summary>Frames that begin well and go wrong anywhere: each gets an answer or a closed connection, and none is an error of ours.</summary>
    [Fact]
    public async Task Damaged_requests_of_every_kind_and_version_are_answered_or_end_their_connection_only()
    {
        var random = new Random(20261121);
        using var log = new ErrorLog();
        await using var broker = await TestBroker.StartAsync(new KafkaBrokerOptions { LoggerFactory = log });
        await broker.CreateAsync("orders", 3);
        var sent = 0;
        foreach (var info in ApiInfo.All)
        {
            for (var version = info.MinVersion; version <= info.MaxVersion; version++)
            {
                for (var i = 0; i < 12; i++, sent++)
                    await SendAsync(broker, i % 2 == 0 && Whole(info.Api) is { } whole ? Flip(WireClient.Frame(info.Api, version, 1, whole), random) : Noise(info.Api, version, random));
            }
        }
        (await broker.MetadataAsync(autoCreate: false, "orders")).Topics[0].Partitions.Count.ShouldBe(3);
        log.Errors.ShouldBeEmpty($"of {sent} damaged requests");
    }

    private static async Task SendAsync(TestBroker broker, byte[] frame)
    {
        using var client = broker.Connect();
        await client.SendRawAsync(frame);
        // What waits for its answer, or has none, would keep the test waiting too.
        client.Socket.Shutdown(SocketShutdown.Send);
        while (await client.ReceiveFrameAsync() is not null) { }
    }

    /// <summary>A header and a body of small numbers: lengths and counts that nearly fit. Mere noise would fail at the first field.</summary>
    private static byte[] Noise(ApiKey api, short version, Random random)
    {
        var body = new byte[random.Next(0, 120)];
        for (var i = 0; i < body.Length; i++) body[i] = random.Next(4) switch { 0 => (byte)random.Next(256), 1 => (byte)random.Next(8), _ => 0 };
        byte[] frame = [.. WireClient.Frame(api, version, 1, new Nothing()), .. body];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - sizeof(int));
        return frame;
    }

    /// <summary>A good request with a few bits turned, behind the header.</summary>
    private static byte[] Flip(byte[] frame, Random random)
    {
        const int behindHeader = 18;
        for (var i = random.Next(1, 4); i > 0; i--) frame[random.Next(behindHeader, frame.Length)] ^= (byte)(1 << random.Next(8));
        return frame;
    }

    private static IMessage? Whole(ApiKey api) => api switch
    {
        ApiKey.Produce => Requests.Produce(-1, ("orders", 0, TestBroker.Batch("a", "b")), ("orders", 2, TestBroker.Batch("c"))),
        ApiKey.Fetch => Requests.Fetch(1, ("orders", 0, 0), ("orders", 1, 0)),
        ApiKey.Metadata => new MetadataRequest { Topics = [new() { Name = "orders" }, new() { Name = "more" }] },
        ApiKey.ListOffsets => new ListOffsetsRequest { Topics = [new() { Name = "orders", Partitions = [new() { Timestamp = -1 }, new() { PartitionIndex = 1, Timestamp = 5 }] }] },
        ApiKey.CreateTopics => new CreateTopicsRequest { Topics = [new() { Name = "new", NumPartitions = 1, ReplicationFactor = 1, Configs = [new() { Name = "retention.ms", Value = "1" }] }], ValidateOnly = true },
        ApiKey.DescribeConfigs => new DescribeConfigsRequest { Resources = [new() { ResourceType = 2, ResourceName = "orders", ConfigurationKeys = ["retention.ms"] }] },
        ApiKey.OffsetForLeaderEpoch => new OffsetForLeaderEpochRequest { Topics = [new() { Topic = "orders", Partitions = [new() { LeaderEpoch = 0 }] }] },
        ApiKey.CreatePartitions => new CreatePartitionsRequest { Topics = [new() { Name = "orders", Count = 4, Assignments = null }], ValidateOnly = true },
        ApiKey.JoinGroup => new JoinGroupRequest { GroupId = "g", SessionTimeoutMs = 6000, RebalanceTimeoutMs = 6000, ProtocolType = "consumer", Protocols = [new() { Name = "range", Metadata = new byte[] { 1, 2, 3 } }] },
        ApiKey.SyncGroup => new SyncGroupRequest { GroupId = "g", GenerationId = 1, MemberId = "m", Assignments = [new() { MemberId = "m", Assignment = new byte[] { 1 } }] },
        ApiKey.OffsetCommit => new OffsetCommitRequest { GroupId = "g", Topics = [new() { Name = "orders", Partitions = [new() { CommittedOffset = 3 }] }] },
        _ => null,
    };

    private sealed class Nothing : IMessage
    {
        public void Write(ref ProtocolWriter writer, short version) { }
    }

    private sealed class ErrorLog : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Errors { get; } = new();

        public void AddProvider(ILoggerProvider provider) { }

        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose() { }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) Errors.Enqueue($"{formatter(state, exception)} {exception}");
        }
    }
}
