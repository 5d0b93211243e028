namespace Garam.Broker.Configuration;

/// <summary>
/// What the settings are about that Kafka documents and this broker refuses. Accepting them would be worse: a broker that was told to
/// encrypt, replicate or throttle must not go on without.
/// </summary>
internal static class UnservedConfigs
{
    /// <summary>Subjects with their settings; a name that ends in '*' stands for all that begin so, and the longest name wins.</summary>
    private static readonly (string Subject, string[] Names)[] Subjects =
    [
        ("TLS, which this broker does not serve", ["ssl.*"]),
        ("authentication, which this broker does not serve",
            ["sasl.*", "delegation.token.*", "connections.max.reauth.ms", "connection.failed.authentication.delay.ms", "principal.builder.class", "security.providers"]),
        ("plug-ins in Java, which this broker cannot load",
            ["authorizer.class.name", "alter.config.policy.class.name", "create.topic.policy.class.name", "client.quota.callback.class", "config.providers", "replica.selector.class"]),
        ("listeners: this broker has one, and is told its address apart from its settings",
            ["listeners", "advertised.listeners", "listener.security.protocol.map", "early.start.listeners", "inter.broker.listener.name", "security.inter.broker.protocol"]),
        ("log directories: this broker has one, and is told it apart from its settings",
            ["log.dir", "log.dirs", "log.dir.failure.timeout.ms", "cordoned.log.dirs", "alter.log.dirs.*", "num.replica.alter.log.dirs.threads", "replica.alter.log.dirs.*"]),
        ("other brokers, of which there are none",
            ["replica.*", "replication.quota.*", "num.replica.fetchers", "leader.*", "follower.*", "auto.leader.rebalance.enable", "controlled.shutdown.enable",
                "broker.rack", "request.timeout.ms", "socket.connection.setup.timeout.*"]),
        ("the controllers of a cluster, of which there are none: this broker keeps its metadata itself",
            ["process.roles", "controller.*", "metadata.*", "broker.heartbeat.interval.ms", "broker.session.timeout.ms", "initial.broker.registration.timeout.ms"]),
        ("the id of a broker of Kafka 3: set node.id", ["broker.id"]),
        ("tiered storage, which this broker does not have", ["remote.*", "log.local.retention.*", "follower.fetch.last.tiered.offset.enable"]),
        ("transactions, which this broker does not serve", ["transaction.*", "transactional.id.expiration.ms", "add.partitions.to.txn.*"]),
        ("group.protocol=consumer, which this broker does not serve", ["group.consumer.*"]),
        ("share groups, which this broker does not serve", ["group.share.*", "share.*"]),
        ("streams groups, which this broker does not serve", ["group.streams.*"]),
        ("quotas, which this broker does not serve", ["quota.*", "controller.quota.*"]),
        ("metrics in the manner of Java", ["metric.reporters", "metrics.*", "kafka.metrics.*", "telemetry.max.bytes"]),
        ("pools of threads, queues and buffers that this broker does not have",
            ["num.io.threads", "num.network.threads", "background.threads", "queued.max.*", "group.coordinator.*", "offsets.load.buffer.size", "offsets.commit.timeout.ms",
                "log.cleaner.threads", "log.cleaner.io.*", "log.flush.scheduler.interval.ms", "log.flush.start.offset.checkpoint.interval.ms",
                "delete.records.purgatory.*", "fetch.purgatory.*", "producer.purgatory.*"]),
        ("the buffers of sockets, which the operating system sizes better", ["socket.send.buffer.bytes", "socket.receive.buffer.bytes", "socket.listen.backlog.size"]),
        ("limits of connections other than max.connections", ["max.connection.creation.rate", "max.connections.per.ip", "max.connections.per.ip.overrides"]),
        ("jitter, without which segments are rolled at their age", ["log.roll.jitter.*"]),
    ];

    /// <summary>What a setting is about that Kafka documents and this broker does not honour; null when nothing is known of it.</summary>
    public static string? Subject(string name)
    {
        (string Subject, string Name) best = default;
        foreach (var (subject, names) in Subjects)
            foreach (var candidate in names)
                if (Matches(candidate, name) && candidate.Length > (best.Name?.Length ?? 0)) best = (subject, candidate);
        return best.Subject;
    }

    /// <summary>Why a name is refused.</summary>
    /// <param name="name">Of no setting that is honoured.</param>
    /// <param name="resource">Whose setting it would be: "broker" or "topic".</param>
    public static string Refuse(string name, string resource) =>
        Subject(name) is { } subject ? $"{name} is about {subject}." : $"{name} is not a {resource} setting that this broker honours.";

    private static bool Matches(string pattern, string name) => pattern[^1] == '*' ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern;
}
