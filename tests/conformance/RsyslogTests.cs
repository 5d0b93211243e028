using Confluent.Kafka;
using Garam.Conformance.Brokers;
using Garam.Conformance.Clients;

namespace Garam.Conformance;

/// <summary>rsyslog's omkafka: what ships the logs of most Linux machines that have Kafka.</summary>
public abstract class RsyslogTests(TestedBroker broker)
{
    private readonly string _name = $"rsyslog-{Guid.NewGuid():n}";

    [Fact]
    public async Task Lines_of_a_file_arrive_in_the_topic_in_their_order()
    {
        Rsyslog.Require();
        var bootstrap = await broker.BootstrapServersAsync();
        await Librdkafka.CreateTopicAsync(bootstrap, _name);
        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { BootstrapServers = bootstrap, GroupId = _name }).Build();
        consumer.Assign(new TopicPartitionOffset(_name, 0, Offset.Beginning));

        await using var rsyslog = new Rsyslog(bootstrap, _name, "가람은 강이다\nplain words\n");
        Values(consumer, 2).ShouldBe(["가람은 강이다", "plain words"]);

        var many = Enumerable.Range(0, 500).Select(i => $"줄 {i}").ToList();
        rsyslog.Append(string.Join('\n', many) + "\n");
        Values(consumer, many.Count).ShouldBe(many);

        (await rsyslog.StopAsync(TestContext.Current.CancellationToken)).ShouldNotContain("FAIL");
    }

    private static IEnumerable<string> Values(IConsumer<string, string> consumer, int count) =>
        Librdkafka.Take(consumer, count).Select(result => result.Message.Value);
}

public sealed class RsyslogOnGaramTests(GaramBroker broker) : RsyslogTests(broker);

public sealed class RsyslogOnApacheKafkaTests(ApacheKafka broker) : RsyslogTests(broker);
