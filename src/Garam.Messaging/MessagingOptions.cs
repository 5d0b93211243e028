using System.Text.Json;

namespace Garam.Messaging;

/// <summary>How this process reaches Kafka, and the bounds within which it works. Checked once, when the host starts.</summary>
public sealed class MessagingOptions
{
    /// <summary>Brokers to connect to first: <c>host:port[,host:port...]</c>. Required.</summary>
    public string BootstrapServers { get; set; } = "";

    /// <summary>Name by which brokers and their logs know this process. Default <c>garam</c>.</summary>
    public string ClientId { get; set; } = "garam";

    /// <summary>
    /// Static membership (KIP-345) of every group of this process: a restarted process takes its partitions back at once,
    /// even after a crash. Must be unique among the running processes of a group. Default null: members are dynamic.
    /// </summary>
    public string? InstanceId { get; set; }

    /// <summary>Further client properties in librdkafka's names (security, buffers). Those that keep records safe are refused. Default none.</summary>
    public IDictionary<string, string> Configuration { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Topic configs added to every topic that is created through <see cref="Topics.ITopicAdmin"/>; a topic's own configs win. Default none.</summary>
    public IDictionary<string, string> NewTopicConfig { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// How JSON payloads are read, and written by <see cref="Producing.ProducerRecord.Json"/>. Becomes read-only when the options are used first.
    /// Default: <see cref="Producing.RecordJson.Options"/>.
    /// </summary>
    public JsonSerializerOptions Json { get; set; } = Producing.RecordJson.Options;

    /// <summary>How long a record may wait for others to share its batch. 0-1,000 ms, default 2 ms.</summary>
    public TimeSpan Linger { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>After this time an unacknowledged record is given up and its caller told. 1 s-1 h, default 2 min.</summary>
    public TimeSpan DeliveryTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Bytes handed to the producer and not acknowledged yet; more wait in the order of their calls. 1 KiB-1 GiB, default 32 MiB.</summary>
    public int MaxUnacknowledgedBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>Records of one partition that may be queued or being handled; at this mark its reading pauses. 1-100,000, default 1,000.</summary>
    public int MaxInFlight { get; set; } = 1_000;

    /// <summary>The same bound in bytes of keys, values and headers. 1 KiB-1 GiB, default 8 MiB.</summary>
    public int MaxInFlightBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// The same bound for all partitions of a group in this process together. From half of it on, only partitions that hold less than an equal share of the
    /// other half are read. 1 KiB-1 GiB, default 64 MiB.
    /// </summary>
    public int MaxGroupInFlightBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>How often finished work is committed: the most that a crash repeats. 10 ms-1 min, default 1 s.</summary>
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long running handlers may go on when partitions are revoked or the host stops, before they are cancelled. 0-2 min, default 10 s.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A handler that runs longer than this is reported by health. 1 s-1 day, default 30 s.</summary>
    public TimeSpan SlowHandler { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>After this silence the group gives this process's partitions to others. 6 s-30 min, default 10 s.</summary>
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
