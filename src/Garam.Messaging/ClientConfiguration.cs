using System.Globalization;
using Confluent.Kafka;

namespace Garam.Messaging;

/// <summary>What the clients are told, in librdkafka's names.</summary>
internal static class ClientConfiguration
{
    /// <summary>Properties that keep records safe, or that an option of ours says: not for <see cref="MessagingOptions.Configuration"/>.</summary>
    public static readonly IReadOnlySet<string> Reserved = new HashSet<string>(StringComparer.Ordinal)
    {
        "acks", "request.required.acks", "enable.idempotence", "enable.auto.commit", "enable.auto.offset.store", "auto.commit.interval.ms",
        "group.id", "group.instance.id", "group.protocol", "partition.assignment.strategy", "bootstrap.servers", "metadata.broker.list",
        "client.id", "session.timeout.ms", "linger.ms", "queue.buffering.max.ms", "message.timeout.ms", "delivery.timeout.ms",
        "queue.buffering.max.kbytes", "queue.buffering.max.messages", "enable.gapless.guarantee", "max.in.flight", "transactional.id",
        "max.in.flight.requests.per.connection", "partitioner", "enable.partition.eof", "dotnet.producer.enable.delivery.reports", "dotnet.producer.delivery.report.fields",
        "dotnet.consumer.consume.result.fields", "allow.auto.create.topics",
    };

    private const string LargestMessage = "1000000000";

    public static ClientConfig ForAdmin(MessagingOptions options) => Common(options, "admin");

    public static ProducerConfig ForProducer(MessagingOptions options)
    {
        var config = new ProducerConfig(Common(options, "producer"));
        config.Set("acks", "all");
        config.Set("enable.idempotence", "true");
        config.Set("partitioner", "murmur2_random");
        config.Set("linger.ms", Milliseconds(options.Linger));
        config.Set("message.timeout.ms", Milliseconds(options.DeliveryTimeout));

        // A record of any size is the broker's to refuse, not the client's by its own default of a million bytes.
        if (!options.Configuration.ContainsKey("message.max.bytes"))
        {
            config.Set("message.max.bytes", LargestMessage);
        }

        // Twice what RecordProducer hands over: its own count is the bound, this one only a net.
        config.Set("queue.buffering.max.kbytes", Number(Math.Max(1024, (2L * options.MaxUnacknowledgedBytes) >> 10)));
        config.Set("queue.buffering.max.messages", "200000");
        return config;
    }

    /// <summary>
    /// Compressed, as the source's producer may have compressed a record that would not fit otherwise; and whatever its size, a record is the broker's to refuse.
    /// </summary>
    public static ProducerConfig ForDeadLetters(MessagingOptions options)
    {
        var config = ForProducer(options);
        config.Set("message.max.bytes", LargestMessage);
        if (!options.Configuration.ContainsKey("compression.type") && !options.Configuration.ContainsKey("compression.codec"))
        {
            config.Set("compression.type", "zstd");
        }

        return config;
    }

    public static ConsumerConfig ForConsumer(MessagingOptions options, string group)
    {
        var config = new ConsumerConfig(Common(options, group));
        config.Set("group.id", group);
        if (options.InstanceId is { } instance)
        {
            config.Set("group.instance.id", instance);
        }

        config.Set("partition.assignment.strategy", "cooperative-sticky");
        config.Set("session.timeout.ms", Milliseconds(options.SessionTimeout));
        config.Set("heartbeat.interval.ms", Milliseconds(options.SessionTimeout / 4));
        config.Set("auto.offset.reset", "earliest");
        config.Set("allow.auto.create.topics", "false");

        // Offsets are committed by the group's own committer and by nobody else: the client's automatic commit also runs for
        // partitions that it has just lost (librdkafka PR 5604).
        config.Set("enable.auto.commit", "false");
        config.Set("enable.auto.offset.store", "false");

        // A pause throws away what was read ahead: little is read ahead.
        config.Set("queued.min.messages", "1000");
        config.Set("queued.max.messages.kbytes", "4096");
        config.Set("fetch.queue.backoff.ms", "20");
        return config;
    }

    private static ClientConfig Common(MessagingOptions options, string role)
    {
        var config = new ClientConfig(options.Configuration.ToDictionary())
        {
            BootstrapServers = options.BootstrapServers,
            ClientId = $"{options.ClientId}-{role}",
        };

        // New partitions of a topic are noticed, and can be written to, within this time. It costs one small request, which names only the topics in use.
        SetUnlessGiven("topic.metadata.refresh.interval.ms", "5000");
        SetUnlessGiven("reconnect.backoff.max.ms", "1000");
        SetUnlessGiven("socket.keepalive.enable", "true");
        return config;

        void SetUnlessGiven(string name, string value)
        {
            if (!options.Configuration.ContainsKey(name))
            {
                config.Set(name, value);
            }
        }
    }

    private static string Milliseconds(TimeSpan time) => Number((long)time.TotalMilliseconds);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
