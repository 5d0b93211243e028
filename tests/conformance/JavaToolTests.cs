using Garam.Conformance.Brokers;
using Garam.Conformance.Clients;

namespace Garam.Conformance;

/// <summary>Kafka's own command-line tools: the Java client in its newest protocol versions.</summary>
public abstract class JavaToolTests(TestedBroker broker)
{
    private readonly string _name = $"java-{Guid.NewGuid():n}";

    [Fact]
    public async Task Topics_are_created_altered_described_and_deleted()
    {
        var tools = await ConnectAsync();
        await tools.RunAsync("topics", $"--create --topic {_name} --partitions 2 --config retention.ms=86400000");
        await tools.RunAsync("topics", $"--alter --topic {_name} --partitions 3");

        var described = await tools.RunAsync("topics", $"--describe --topic {_name}");
        described.Output.ShouldContain($"Topic: {_name}");
        described.Output.ShouldContain("PartitionCount: 3");
        described.Output.ShouldContain("retention.ms=86400000");
        described.Lines.Count(line => line.StartsWith('\t')).ShouldBe(3);

        var configs = await tools.RunAsync("configs", $"--describe --entity-type topics --entity-name {_name}");
        configs.Output.ShouldContain("retention.ms=86400000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:retention.ms=86400000");

        await tools.RunAsync("topics", $"--delete --topic {_name}");
        (await tools.RunAsync("topics", "--list")).Lines.ShouldNotContain(_name);
    }

    [Fact]
    public async Task Records_pass_from_the_console_producer_to_a_console_consumer_and_its_group_is_seen()
    {
        var tools = await ConnectAsync();
        await tools.RunAsync("topics", $"--create --topic {_name} --partitions 1");
        await tools.RunAsync("console-producer", $"--topic {_name}", "하나\n둘\n셋\n");

        var read = await tools.RunAsync("console-consumer", $"--topic {_name} --group {_name} --from-beginning --max-messages 3");
        read.Lines.ShouldBe(["하나", "둘", "셋"]);

        (await tools.RunAsync("get-offsets", $"--topic {_name} --time -1")).Lines.ShouldBe([$"{_name}:0:3"]);
        var group = (await tools.RunAsync("consumer-groups", $"--describe --group {_name}")).Lines.Single(line => line.StartsWith(_name, StringComparison.Ordinal));
        group.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..6].ShouldBe([_name, "0", "3", "3", "0"]);

        await tools.RunAsync("consumer-groups", $"--reset-offsets --to-offset 1 --execute --group {_name} --topic {_name}");
        var again = await tools.RunAsync("console-consumer", $"--topic {_name} --group {_name} --max-messages 2");
        again.Lines.ShouldBe(["둘", "셋"]);
        (await tools.RunAsync("consumer-groups", $"--delete --group {_name}")).Output.ShouldContain("successful");
    }

    private async Task<JavaTools> ConnectAsync()
    {
        JavaTools.Require();
        return new JavaTools(await broker.BootstrapServersAsync());
    }
}

public sealed class JavaToolsOnGaramTests(GaramBroker broker) : JavaToolTests(broker);

public sealed class JavaToolsOnApacheKafkaTests(ApacheKafka broker) : JavaToolTests(broker);
