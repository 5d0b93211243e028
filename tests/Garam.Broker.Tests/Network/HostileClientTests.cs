using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Garam.Broker.Network;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Tests.Network;

/// <summary>Clients that hold on to what they are given: connections, half frames, answers that they do not read.</summary>
public sealed class HostileClientTests
{
    /// <summary>Each connection is two sockets of this process; some are left for everything else.</summary>
    private const int SparedHandles = 1_000;

    [Fact]
    public async Task Ten_thousand_idle_connections_cost_little_and_nobody_waits_for_them()
    {
        const int bytesEach = 20 * 1024;
        var count = Math.Min(9_900, (MaxHandles() - SparedHandles) / 2);
        await using var broker = await TestBroker.StartAsync();
        await broker.MetadataAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clients = new List<Socket>(count);
        try
        {
            for (var i = 0; i < count; i++) clients.Add(Connect(broker));
            // Behind all of them in the backlog, and served: the others are accepted by now.
            using var late = broker.Connect();
            await late.CallAsync<ApiVersionsRequest, ApiVersionsResponse>(ApiKey.ApiVersions, 0, new ApiVersionsRequest());
            await broker.CreateAsync("orders");
            (await broker.ProduceAsync("orders", "x")).ErrorCode.ShouldBe(ErrorCode.None);
            ((GC.GetTotalMemory(forceFullCollection: true) - before) / count).ShouldBeLessThan(bytesEach);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task Half_frames_hold_what_has_arrived_and_keep_nobody_from_being_served()
    {
        const int count = 300;
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clients = Enumerable.Range(0, count).Select(_ => Connect(broker)).ToList();
        try
        {
            // Each claims 100 MB and goes on byte by byte.
            var frame = new byte[60];
            BinaryPrimitives.WriteInt32BigEndian(frame, 100 * 1024 * 1024);
            for (var i = 0; i < frame.Length; i++)
            {
                foreach (var client in clients) await client.SendAsync(frame.AsMemory(i, 1));
                if (i % 20 == 0) (await broker.ProduceAsync("orders", "x")).ErrorCode.ShouldBe(ErrorCode.None);
            }
            (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(32L * 1024 * count);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task Half_a_frame_and_then_silence_is_an_idle_connection()
    {
        var time = new TestClock();
        await using var listener = new TestListener(new NetworkOptions { MaxIdle = TimeSpan.FromMinutes(10) }, time, []);
        using var client = listener.Connect();
        await client.CallAsync<ApiVersionsRequest, ApiVersionsResponse>(ApiKey.ApiVersions, 0, new ApiVersionsRequest());
        // Its network went away in the middle of a frame: no end of the stream will ever come.
        await client.SendRawAsync(new byte[] { 0, 0, 1, 0, 1, 2, 3 });
        time.Advance(TimeSpan.FromMinutes(12));
        await client.ShouldBeClosedAsync();
    }

    [Fact]
    public async Task A_client_that_fetches_and_never_reads_holds_one_burst()
    {
        const int fetches = 400, batchBytes = 900_000;
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        for (var i = 0; i < 4; i++) (await broker.ProduceAsync("orders", new string('x', batchBytes))).ErrorCode.ShouldBe(ErrorCode.None);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        // 1.4 GB are asked for, and nothing of it is read.
        using var client = new WireClient(IPEndPoint.Parse(broker.Broker.BootstrapServers), receiveBuffer: 4096);
        for (var i = 0; i < fetches; i++) await client.SendAsync(ApiKey.Fetch, 12, Requests.Fetch(0, ("orders", 0, 0)));
        for (var i = 0; i < 20; i++) (await broker.FetchAsync("orders", i % 4)).ErrorCode.ShouldBe(ErrorCode.None);

        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(32L * batchBytes);
    }

    [Fact]
    public async Task A_produce_that_is_reset_half_way_leaves_no_trace()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        var frame = WireClient.Frame(ApiKey.Produce, 9, 1, Requests.Produce(-1, ("orders", 0, TestBroker.Batch(new string('x', 500_000)))));
        for (var i = 1; i <= 20; i++)
        {
            var client = broker.Connect();
            await client.SendRawAsync(frame.AsMemory(0, frame.Length * i / 21));
            client.Socket.LingerState = new LingerOption(true, 0);
            client.Dispose();
        }
        (await broker.ProduceAsync("orders", "whole")).BaseOffset.ShouldBe(0);
        TestBroker.Values((await broker.FetchAsync("orders", 0)).Records).ShouldBe(["whole"]);
    }

    private static Socket Connect(TestBroker broker)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPEndPoint.Parse(broker.Broker.BootstrapServers));
        return socket;
    }

    /// <summary>How many files and sockets this process may have open: the runtime raises the soft limit to the hard one.</summary>
    private static int MaxHandles()
    {
        const int unlimited = 1_000_000;
        const string limits = "/proc/self/limits";
        if (!File.Exists(limits)) return unlimited;
        var line = File.ReadLines(limits).First(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        return int.TryParse(line["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], out var limit) ? limit : unlimited;
    }
}
