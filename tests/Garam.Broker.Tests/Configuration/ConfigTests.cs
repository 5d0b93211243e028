using Garam.Broker.Configuration;

namespace Garam.Broker.Tests.Configuration;

public sealed class ConfigTests
{
    [Fact]
    public void Every_default_passes_its_own_check()
    {
        foreach (var config in TopicConfigs.All.Concat(BrokerConfigs.All)) config.Check(config.Default).ShouldBeNull();
    }

    [Fact]
    public void Every_wrong_setting_of_the_broker_is_named()
    {
        var problems = new List<string>();
        BrokerConfig.Read(new Dictionary<string, string> { ["num.partitions"] = "0", ["log.retention.hours"] = "x", ["nonsense"] = "1", ["node.id"] = "3" }, problems);
        problems.Count.ShouldBe(3);
        problems.ShouldContain(problem => problem.Contains("num.partitions = 0"));
        problems.ShouldContain(problem => problem.Contains("log.retention.hours = x"));
        problems.ShouldContain(problem => problem.Contains("nonsense is not"));
    }

    [Theory]
    [InlineData("log.retention.hours", "2", "7200000")]
    [InlineData("log.retention.minutes", "3", "180000")]
    [InlineData("log.retention.ms", "5", "5")]
    [InlineData("log.retention.hours", "-1", "-1")]
    public void A_topics_default_follows_the_brokers_setting_in_its_unit(string name, string value, string expected)
    {
        var topic = new TopicConfig(new Dictionary<string, string>(), Broker((name, value)));
        topic.Text(TopicConfigs.RetentionMs).ShouldBe(expected);
        topic.Source(TopicConfigs.RetentionMs).ShouldBe(ConfigSource.Broker);
        topic.ToLogConfig().RetentionMs.ShouldBe(long.Parse(expected));
    }

    [Fact]
    public void The_finest_unit_wins() =>
        new TopicConfig(new Dictionary<string, string>(), Broker(("log.retention.hours", "2"), ("log.retention.ms", "9"))).Get(TopicConfigs.RetentionMs).ShouldBe(9);

    [Fact]
    public void A_topics_own_setting_wins()
    {
        var topic = new TopicConfig(new Dictionary<string, string> { ["retention.ms"] = "-1", ["cleanup.policy"] = "compact, delete" }, Broker(("log.retention.ms", "9")));
        topic.Get(TopicConfigs.RetentionMs).ShouldBe(-1);
        topic.Source(TopicConfigs.RetentionMs).ShouldBe(ConfigSource.Topic);
        topic.ToLogConfig().CleanupPolicy.ShouldBe(Garam.Broker.Log.CleanupPolicy.Compact | Garam.Broker.Log.CleanupPolicy.Delete);
    }

    [Theory]
    [InlineData("min.insync.replicas", "2")]
    [InlineData("compression.type", "brotli")]
    [InlineData("compression.gzip.level", "10")]
    [InlineData("cleanup.policy", "shred")]
    [InlineData("max.message.bytes", "-1")]
    [InlineData("no.such.setting", "1")]
    public void What_is_not_honoured_is_refused_with_its_name(string name, string value) =>
        TopicConfigs.Check([KeyValuePair.Create(name, (string?)value)]).ShouldNotBeNull().ShouldContain(name);

    [Fact]
    public void No_setting_that_Kafka_documents_is_unknown_and_none_is_invented()
    {
        KafkaSettings.Of("topic").ShouldBe(TopicConfigs.All.Select(config => config.Name), ignoreOrder: true);
        KafkaSettings.Of("broker").Where(name => BrokerConfigs.Find(name) is null && UnservedConfigs.Subject(name) is null).ShouldBeEmpty();
        BrokerConfigs.All.Select(config => config.Name).Except(KafkaSettings.Of("broker")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("ssl.keystore.location", "TLS")]
    [InlineData("replica.fetch.max.bytes", "other brokers")]
    [InlineData("replica.alter.log.dirs.io.max.bytes.per.second", "log directories")]
    [InlineData("remote.log.storage.system.enable", "tiered storage")]
    [InlineData("transaction.state.log.replication.factor", "transactions")]
    public void A_refusal_says_what_the_setting_is_about(string name, string subject)
    {
        var problems = new List<string>();
        BrokerConfig.Read(new Dictionary<string, string> { [name] = "1" }, problems);
        problems.ShouldHaveSingleItem().ShouldStartWith($"{name} is about {subject}");
    }

    [Fact]
    public void The_log_of_a_topic_without_settings_has_the_logs_own_defaults() =>
        new TopicConfig(new Dictionary<string, string>(), BrokerConfig.Default).ToLogConfig().ShouldBe(new Garam.Broker.Log.LogConfig());

    private static BrokerConfig Broker(params (string Name, string Value)[] values)
    {
        var problems = new List<string>();
        var config = BrokerConfig.Read(values.ToDictionary(value => value.Name, value => value.Value), problems);
        problems.ShouldBeEmpty();
        return config;
    }
}
