using Garam.Broker.Log;
using Garam.Kafka.Records;

namespace Garam.Broker.Configuration;

/// <summary>The settings of one topic: its own, over the broker's defaults, over Kafka's.</summary>
internal sealed class TopicConfig(IReadOnlyDictionary<string, string> own, BrokerConfig broker)
{
    /// <summary>What was said about this topic.</summary>
    public IReadOnlyDictionary<string, string> Own => own;

    public T Get<T>(ConfigDefinition<T> config) => config.Parse(Text(config));

    public string Text(ConfigDefinition config) =>
        own.GetValueOrDefault(config.Name) ?? broker.TopicDefault(config)?.Value ?? config.Default;

    /// <summary>Where the value comes from.</summary>
    public ConfigSource Source(ConfigDefinition config) =>
        own.ContainsKey(config.Name) ? ConfigSource.Topic : broker.TopicDefault(config)?.Source ?? ConfigSource.Default;

    /// <summary>Null when the values go together, else a sentence that says which do not.</summary>
    public string? Check() => Get(TopicConfigs.MinCompactionLag) > Get(TopicConfigs.MaxCompactionLag)
        ? $"{TopicConfigs.MinCompactionLag.Name} = {Get(TopicConfigs.MinCompactionLag)} is more than {TopicConfigs.MaxCompactionLag.Name} = {Get(TopicConfigs.MaxCompactionLag)}."
        : null;

    private LogCompression? Compression()
    {
        var type = Get(TopicConfigs.CompressionType);
        int? level = type switch
        {
            "gzip" => Get(TopicConfigs.GzipLevel),
            "lz4" => Get(TopicConfigs.Lz4Level),
            "zstd" => Get(TopicConfigs.ZstdLevel),
            _ => null,
        };
        return LogCompression.Parse(type, level);
    }

    /// <summary>The settings in the form in which the partitions' logs take them.</summary>
    public LogConfig ToLogConfig() => new()
    {
        SegmentBytes = Get(TopicConfigs.SegmentBytes),
        SegmentMs = Get(TopicConfigs.SegmentMs),
        SegmentIndexBytes = Get(TopicConfigs.SegmentIndexBytes),
        IndexIntervalBytes = Get(TopicConfigs.IndexInterval),
        MaxMessageBytes = Get(TopicConfigs.MaxMessageBytes),
        Compression = Compression(),
        TimestampType = Enum.Parse<TimestampType>(Get(TopicConfigs.TimestampType)),
        TimestampBeforeMaxMs = Get(TopicConfigs.TimestampBeforeMax),
        TimestampAfterMaxMs = Get(TopicConfigs.TimestampAfterMax),
        CleanupPolicy = Get(TopicConfigs.CleanupPolicy).Aggregate(Log.CleanupPolicy.None, (all, word) => all | Enum.Parse<CleanupPolicy>(word, ignoreCase: true)),
        RetentionMs = Get(TopicConfigs.RetentionMs),
        RetentionBytes = Get(TopicConfigs.RetentionBytes),
        FileDeleteDelayMs = Get(TopicConfigs.FileDeleteDelay),
        MinCleanableDirtyRatio = Get(TopicConfigs.MinCleanableRatio),
        MinCompactionLagMs = Get(TopicConfigs.MinCompactionLag),
        MaxCompactionLagMs = Get(TopicConfigs.MaxCompactionLag),
        DeleteRetentionMs = Get(TopicConfigs.DeleteRetention),
        FlushMessages = Get(TopicConfigs.FlushMessages),
        FlushMs = Get(TopicConfigs.FlushMs),
        ProducerIdExpirationMs = broker.Get(BrokerConfigs.ProducerIdExpiration),
    };
}

/// <summary>Where a value comes from, with the numbers of the DescribeConfigs API.</summary>
internal enum ConfigSource : sbyte
{
    Topic = 1,

    /// <summary>Said to this broker while it ran.</summary>
    RunningBroker = 2,

    /// <summary>Said to all brokers while they ran.</summary>
    RunningDefault = 3,

    /// <summary>The broker was started with it.</summary>
    Broker = 4,
    Default = 5,
}
