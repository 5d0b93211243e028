using System.Net;
using System.Net.Sockets;

namespace Garam.Broker.Tests;

public sealed class KafkaBrokerTests
{
    [Fact]
    public async Task Every_wrong_option_is_said_at_once()
    {
        var options = new KafkaBrokerOptions { Listen = "9092", Advertised = "nowhere", Configuration = new Dictionary<string, string> { ["no.such"] = "1" } };
        var exception = await Should.ThrowAsync<ArgumentException>(() => KafkaBroker.StartAsync(options));
        exception.Message.ShouldContain("Listen = 9092");
        exception.Message.ShouldContain("Advertised = nowhere");
        exception.Message.ShouldContain("no.such");
    }

    [Fact]
    public async Task A_taken_port_is_named_with_the_option_that_moves_it()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var exception = await Should.ThrowAsync<IOException>(() => KafkaBroker.StartAsync(new KafkaBrokerOptions { Listen = $"127.0.0.1:{port}" }));
        exception.Message.ShouldContain($"Port {port}");
        exception.Message.ShouldContain("Listen");
    }

    [Fact]
    public async Task A_directory_has_one_broker()
    {
        var directory = Directory.CreateTempSubdirectory("garam-test-").FullName;
        try
        {
            await using (await KafkaBroker.StartAsync(new KafkaBrokerOptions { DataDirectory = directory }))
            {
                var exception = await Should.ThrowAsync<IOException>(() => KafkaBroker.StartAsync(new KafkaBrokerOptions { DataDirectory = directory }));
                exception.Message.ShouldContain(directory);
                exception.Message.ShouldContain("another broker");
            }
            await using var next = await KafkaBroker.StartAsync(new KafkaBrokerOptions { DataDirectory = directory });
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Partitions_of_somebody_else_are_not_touched()
    {
        var directory = Directory.CreateTempSubdirectory("garam-test-");
        try
        {
            var stranger = directory.CreateSubdirectory("orders-0");
            await Should.ThrowAsync<IOException>(() => KafkaBroker.StartAsync(new KafkaBrokerOptions { DataDirectory = directory.FullName }));
            stranger.Exists.ShouldBeTrue();
            Directory.Exists(stranger.FullName).ShouldBeTrue();
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Several_brokers_live_in_one_process_and_leave_nothing_behind()
    {
        await using var first = await TestBroker.StartAsync();
        var second = await TestBroker.StartAsync();
        await first.CreateAsync("only-here");
        (await second.MetadataAsync(autoCreate: false, "only-here")).Topics.ShouldHaveSingleItem().ErrorCode.ShouldBe(Garam.Kafka.ErrorCode.UnknownTopicOrPartition);
        var port = IPEndPoint.Parse(second.Broker.BootstrapServers);
        await second.DisposeAsync();
        using var socket = new TcpClient();
        Should.Throw<SocketException>(() => socket.Connect(port));
    }

    [Fact]
    public async Task A_wildcard_listener_tells_clients_the_address_that_they_reached()
    {
        await using var broker = await TestBroker.StartAsync(new KafkaBrokerOptions { Listen = "0.0.0.0:0" });
        broker.Broker.BootstrapServers.ShouldStartWith("127.0.0.1:");
        var port = IPEndPoint.Parse(broker.Broker.BootstrapServers).Port;
        (await broker.MetadataAsync()).Brokers.ShouldHaveSingleItem().ShouldSatisfyAllConditions(it => it.Host.ShouldBe("127.0.0.1"), it => it.Port.ShouldBe(port));

        var other = Dns.GetHostAddresses(Dns.GetHostName()).FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));
        Assert.SkipWhen(other is null, "this machine has no address beside the loopback one");
        using var client = new WireClient(new IPEndPoint(other, port));
        var seen = await client.CallAsync<Garam.Kafka.Messages.MetadataRequest, Garam.Kafka.Messages.MetadataResponse>(Garam.Kafka.ApiKey.Metadata, 9, new() { Topics = [] });
        seen.Brokers.ShouldHaveSingleItem().Host.ShouldBe(other.ToString());
    }

    [Fact]
    public async Task The_advertised_address_wins()
    {
        await using var broker = await TestBroker.StartAsync(new KafkaBrokerOptions { Advertised = "kafka.example:19092" });
        (await broker.MetadataAsync()).Brokers.ShouldHaveSingleItem().ShouldSatisfyAllConditions(it => it.Host.ShouldBe("kafka.example"), it => it.Port.ShouldBe(19092));
    }
}
