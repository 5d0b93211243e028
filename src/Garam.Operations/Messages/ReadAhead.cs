using Confluent.Kafka;

namespace Garam.Operations.Messages;

/// <summary>How much the client fetches before it is asked.</summary>
/// <param name="Records">Records of a partition that lie ready; the client stops fetching above.</param>
/// <param name="LongestPoll">How long the broker may hold a fetch that finds nothing. A partition that is added meanwhile waits as long, so a browse, which knows that there is something, keeps it short.</param>
internal sealed record ReadAhead(int Records, TimeSpan LongestPoll)
{
    /// <summary>For a scan of everything: the client should never wait for us, nor we for it.</summary>
    public static readonly ReadAhead Scan = new(50_000, TimeSpan.FromMilliseconds(10));

    /// <summary>For a search in steps: what is read beyond a step is thrown away, in each of the partitions.</summary>
    public static ReadAhead Search(int partitions) => new(Math.Max(500, 10_000 / Math.Max(1, partitions)), TimeSpan.FromMilliseconds(10));

    /// <summary>For pages and single records: what is read beyond them is thrown away.</summary>
    public static readonly ReadAhead Pages = new(1_000, TimeSpan.FromMilliseconds(10));

    /// <summary>For following what is written.</summary>
    public static readonly ReadAhead Tail = new(10_000, TimeSpan.FromMilliseconds(250));

    public ConsumerConfig Configuration() => new()
    {
        GroupId = "garam-browse",                  // the client wants a name even where it joins no group
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        EnablePartitionEof = true,
        AllowAutoCreateTopics = false,

        // Records may be deleted by retention while they are read: what is left begins behind them.
        AutoOffsetReset = AutoOffsetReset.Earliest,
        IsolationLevel = IsolationLevel.ReadCommitted,
        FetchWaitMaxMs = (int)LongestPoll.TotalMilliseconds,
        QueuedMinMessages = Records,
        QueuedMaxMessagesKbytes = 32 * 1024,

        // By default the client rests for a second when its queue is full, and the scan with it.
        FetchQueueBackoffMs = 5,
        SocketNagleDisable = true,
        EnableMetricsPush = false,
    };
}
