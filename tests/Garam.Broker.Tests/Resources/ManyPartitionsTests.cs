using System.Net;
using System.Net.Sockets;
using Garam.Broker.Tests.Crash;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Tests.Resources;

/// <summary>A broker in a process that may open few files: as in a container, or on a machine with the usual limit of 1024.</summary>
public sealed class ManyPartitionsTests : IDisposable
{
    /// <summary>Set it for the whole size: 20,000 partitions with 1024 open files. It takes minutes.</summary>
    private const string Whole = "GARAM_TEST_MANY_PARTITIONS";

    private const int PartitionsInARequest = 500;

    private static readonly bool IsWhole = Environment.GetEnvironmentVariable(Whole) is not null;
    private static readonly int OpenFiles = IsWhole ? 1024 : 320;
    private static readonly int Partitions = IsWhole ? 10_000 : 500;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Many_times_more_partitions_than_open_files_are_created_written_restarted_and_read()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no limit of open files");
        var broker = await BrokerProcess.StartAsync(_directory.Path, "127.0.0.1:0", OpenFiles);
        using (var client = new WireClient(IPEndPoint.Parse(broker.Address), patience: TimeSpan.FromMinutes(5)))
        {
            await CreateAsync(client, "a", Partitions);
            await CreateAsync(client, "b", Partitions);
            await ProduceToAllAsync(client, "a");
            await ProduceToAllAsync(client, "b");
        }
        await broker.StopAsync();
        broker.Dispose();

        broker = await BrokerProcess.StartAsync(_directory.Path, broker.Address, OpenFiles);
        using (var client = new WireClient(IPEndPoint.Parse(broker.Address), patience: TimeSpan.FromMinutes(5)))
        {
            await ShouldHoldAllAsync(client, "a");
            await ShouldHoldAllAsync(client, "b");
            await ProduceToAllAsync(client, "a");
        }
        await broker.StopAsync();
        broker.Dispose();
    }

    [Fact]
    public async Task While_connections_use_up_the_open_files_they_are_refused_and_those_that_are_served_can_write_to_every_partition()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no limit of open files");
        using var broker = await BrokerProcess.StartAsync(_directory.Path, "127.0.0.1:0", maxOpenFiles: 300);
        using var client = new WireClient(IPEndPoint.Parse(broker.Address), patience: TimeSpan.FromMinutes(2));
        await CreateAsync(client, "orders", 50);
        var idle = new List<Socket>();
        try
        {
            for (var i = 0; i < 400; i++) idle.Add(await ConnectAsync(broker));
            await Eventually.IsAsync(true, () => Refused() >= 200);
            Refused().ShouldBeLessThan(380, "some are served");
            await ProduceAsync(client, "orders", 0, 50);
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }
        await Eventually.IsAsync(true, () => IsServedAsync(broker));
        await ProduceAsync(client, "orders", 0, 50);
        await broker.StopAsync();

        int Refused() => idle.Count(socket => socket.Poll(0, SelectMode.SelectRead));
    }

    private static async Task<Socket> ConnectAsync(BrokerProcess broker)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPEndPoint.Parse(broker.Address));
        return socket;
    }

    private static async Task<bool> IsServedAsync(BrokerProcess broker)
    {
        using var client = new WireClient(IPEndPoint.Parse(broker.Address));
        try
        {
            await client.SendAsync(ApiKey.ApiVersions, 0, new ApiVersionsRequest());
            return await client.ReceiveFrameAsync() is not null;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task CreateAsync(WireClient client, string topic, int partitions)
    {
        var request = new CreateTopicsRequest { Topics = [new CreateTopicsRequest.CreatableTopic { Name = topic, NumPartitions = partitions, ReplicationFactor = -1 }] };
        (await client.CallAsync<CreateTopicsRequest, CreateTopicsResponse>(ApiKey.CreateTopics, 7, request)).Topics.ShouldHaveSingleItem().ErrorCode.ShouldBe(ErrorCode.None);
    }

    private static async Task ProduceToAllAsync(WireClient client, string topic)
    {
        for (var first = 0; first < Partitions; first += PartitionsInARequest) await ProduceAsync(client, topic, first, PartitionsInARequest);
    }

    private static async Task ProduceAsync(WireClient client, string topic, int first, int count)
    {
        var request = new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = 30_000,
            TopicData =
            [
                new ProduceRequest.TopicProduceData
                {
                    Name = topic,
                    PartitionData = [.. Enumerable.Range(first, count).Select(index => new ProduceRequest.PartitionProduceData { Index = index, Records = TestBroker.Batch($"{index}") })],
                },
            ],
        };
        var answers = (await client.CallAsync<ProduceRequest, ProduceResponse>(ApiKey.Produce, 9, request)).Responses.ShouldHaveSingleItem().PartitionResponses;
        answers.Count.ShouldBe(count);
        answers.Where(answer => answer.ErrorCode != ErrorCode.None).ShouldBeEmpty();
    }

    private static async Task ShouldHoldAllAsync(WireClient client, string topic)
    {
        for (var first = 0; first < Partitions; first += PartitionsInARequest)
        {
            var request = Requests.Fetch(0, [.. Enumerable.Range(first, PartitionsInARequest).Select(index => (topic, index, 0L))]);
            var answer = await client.CallAsync<FetchRequest, FetchResponse>(ApiKey.Fetch, 12, request);
            var partitions = answer.Responses.SelectMany(response => response.Partitions).ToList();
            partitions.Count.ShouldBe(PartitionsInARequest);
            foreach (var partition in partitions) TestBroker.Values(partition.Records).ShouldBe([$"{partition.PartitionIndex}"]);
        }
    }
}
