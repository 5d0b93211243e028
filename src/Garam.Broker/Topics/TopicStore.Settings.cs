using System.Globalization;
using Garam.Broker.Configuration;
using Garam.Kafka;

namespace Garam.Broker.Topics;

/// <content>Settings that change while the broker runs: on disk before the answer, then in force for the logs that are open.</content>
internal sealed partial class TopicStore
{
    /// <summary>Changes a topic's own settings, all of them or none.</summary>
    public async ValueTask<TopicResult> ConfigureAsync(string name, ConfigEdit edit, bool validateOnly, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (TopicName.Check(name) is { } problem) return TopicResult.Failed(ErrorCode.InvalidTopicException, problem);
            if (Find(name) is not { } topic) return TopicResult.Failed(ErrorCode.UnknownTopicOrPartition, $"There is no topic {name}.");
            if (edit.Apply(topic.Config.Own, TopicConfigs.Find, topic.Config.Text, out var refusal) is not { } own) return TopicResult.Failed(refusal.Error, refusal.Message);
            if (Check(own) is { } failure) return failure;
            if (validateOnly) return new(ErrorCode.None, null, topic);
            await _metadata.SetAsync(TopicKey + name, new TopicEntry(topic.Id, topic.Partitions.Count, own)).ConfigureAwait(false);
            _logger.TopicConfigured(name, Text(own));
            topic = topic with { Config = new TopicConfig(own, _config) };
            _byId[topic.Id] = _byName[name] = topic;
            UseSettings(topic);
            return new(ErrorCode.None, null, topic);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Changes what is said to the running broker, all of it or nothing.</summary>
    /// <param name="brokerId">Null: said to all brokers.</param>
    /// <param name="edit">The changes.</param>
    /// <param name="validateOnly">Only say whether they could be made.</param>
    /// <param name="cancellationToken">Gives up waiting for another change.</param>
    public async ValueTask<TopicResult> ConfigureBrokerAsync(int? brokerId, ConfigEdit edit, bool validateOnly, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var layer = brokerId is null ? ConfigSource.RunningDefault : ConfigSource.RunningBroker;
            if (edit.Apply(_config.Layer(layer), BrokerConfigs.Find, _config.Text, out var refusal) is not { } values) return TopicResult.Failed(refusal.Error, refusal.Message);
            if (BrokerConfigs.CheckDynamic(values) is { } wrong) return TopicResult.Failed(ErrorCode.InvalidRequest, wrong);
            if (validateOnly) return new(ErrorCode.None, null, null);
            var key = BrokerKey + brokerId?.ToString(CultureInfo.InvariantCulture);
            await _metadata.SetAsync(key, new BrokerEntry(values)).ConfigureAwait(false);
            _logger.BrokerConfigured(brokerId is null ? "Every broker" : $"Broker {brokerId}", Text(values));
            _config.SetLayer(layer, values);
            foreach (var topic in All) UseSettings(topic);
            return new(ErrorCode.None, null, null);
        }
        finally
        {
            _changing.Release();
        }
    }

    private TopicResult? Check(IReadOnlyDictionary<string, string> own) =>
        (TopicConfigs.Check(own!) ?? new TopicConfig(own, _config).Check()) is { } wrong ? TopicResult.Failed(ErrorCode.InvalidConfig, wrong) : null;

    /// <summary>Settings of another id were said to the broker when it was called so.</summary>
    private void TakeUp(string key, BrokerEntry entry)
    {
        var id = key[BrokerKey.Length..];
        if (id.Length == 0) _config.SetLayer(ConfigSource.RunningDefault, entry.Configs);
        else if (id == _config.Text(BrokerConfigs.NodeId)) _config.SetLayer(ConfigSource.RunningBroker, entry.Configs);
    }

    private static void UseSettings(Topic topic)
    {
        var config = topic.Config.ToLogConfig();
        foreach (var log in topic.Partitions) log.UpdateConfig(config);
    }

    private static string Text(IReadOnlyDictionary<string, string> settings) =>
        settings.Count == 0 ? "none" : string.Join(", ", settings.Select(setting => $"{setting.Key}={setting.Value}"));
}
