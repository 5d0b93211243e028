using Garam.Operations.Topics;

namespace Garam.Operations.Tests.Topics;

public abstract class TopicOperationsTests(TestKafka kafka) : OperationsTests(kafka)
{
    private TopicOperations Topics => new(Connection);

    [Fact]
    public async Task A_topic_is_created_listed_described_and_deleted()
    {
        await CreateAsync(Topic, 3, ("retention.ms", "86400000"));
        await ProduceAsync(Topic, partition: 1, count: 4);

        await Eventually.Is("3 partitions, 1 copy, 0 without a leader", async () => (await Topics.ListAsync(Ct)).Single(topic => topic.Name == Topic) is { Internal: false } listed
            ? $"{listed.Partitions} partitions, {listed.ReplicationFactor} copy, {listed.Leaderless.Count} without a leader"
            : "");
        var detail = (await Topics.DescribeAsync([Topic], Ct)).Single();
        detail.Configs["retention.ms"].ShouldBe("86400000");
        detail.Partitions.Select(partition => partition.Records).ShouldBe([0, 4, 0]);
        detail.Partitions.ShouldAllBe(partition => partition.Leader != null && partition.InSyncReplicas.Count == 1);

        (await Topics.DeleteAsync([Topic], Ct)).ShouldBe([new Outcome(Topic, null)]);
        await Eventually.Is(false, async () => (await Topics.ListAsync(Ct)).Any(topic => topic.Name == Topic));
    }

    [Fact]
    public async Task Of_several_topics_each_has_its_own_outcome()
    {
        await CreateAsync(Topic, 1);
        var other = $"{Topic}-other";
        var created = await Topics.CreateAsync([Topic, other, "not/a/name"], 1, 1, new Dictionary<string, string>(), dryRun: false, Ct);
        created.Select(outcome => (outcome.Name, outcome.Failure?.Kind)).ShouldBe([(Topic, FailureKind.Conflict), (other, null), ("not/a/name", FailureKind.Invalid)]);

        var nothing = TestKafka.NewName("nothing");
        (await Topics.DeleteAsync([Topic, nothing], Ct)).Select(outcome => (outcome.Name, outcome.Failure?.Kind)).ShouldBe([(Topic, null), (nothing, FailureKind.NotFound)]);
    }

    [Fact]
    public async Task A_dry_run_finds_the_mistake_and_makes_nothing()
    {
        (await Topics.CreateAsync([Topic], 1, 1, new Dictionary<string, string>(), dryRun: true, Ct)).Single().Failure.ShouldBeNull();
        (await Topics.ListAsync(Ct)).ShouldNotContain(topic => topic.Name == Topic);
        (await Topics.CreateAsync([Topic], 1, 1, new Dictionary<string, string> { ["retention.ms"] = "soon" }, dryRun: true, Ct)).Single().Failure!.Kind.ShouldBe(FailureKind.Invalid);
    }

    [Fact]
    public async Task Records_of_many_topics_are_counted_at_once_and_what_is_not_there_has_no_count()
    {
        var (empty, nothing) = ($"{Topic}-empty", TestKafka.NewName("nothing"));
        await CreateAsync(Topic, 2);
        await CreateAsync(empty, 1);
        await ProduceAsync(Topic, partition: 0, count: 2);
        await ProduceAsync(Topic, partition: 1, count: 3);
        var counts = await Topics.CountRecordsAsync([Topic, empty, nothing], Ct);
        counts.OrderBy(count => count.Key).ShouldBe(new Dictionary<string, long?> { [Topic] = 5, [empty] = 0, [nothing] = null }.OrderBy(count => count.Key));
    }

    [Fact]
    public async Task Describing_what_is_not_there_is_not_found() =>
        (await FailureOf(FailureKind.NotFound, () => Topics.DescribeAsync([Topic], Ct))).Message.ShouldContain(Topic);

    [Fact]
    public async Task Partitions_are_added_and_never_taken_away()
    {
        await CreateAsync(Topic, 2);
        await Topics.AddPartitionsAsync(Topic, 5, dryRun: true, Ct);
        (await Topics.DescribeAsync([Topic], Ct)).Single().Partitions.Count.ShouldBe(2);
        await Topics.AddPartitionsAsync(Topic, 5, dryRun: false, Ct);
        await Eventually.Is(5, async () => (await Topics.DescribeAsync([Topic], Ct)).Single().Partitions.Count);
        await FailureOf(FailureKind.Invalid, () => Topics.AddPartitionsAsync(Topic, 3, dryRun: false, Ct));
        await FailureOf(FailureKind.NotFound, () => Topics.AddPartitionsAsync(TestKafka.NewName("nothing"), 3, dryRun: false, Ct));
    }

    [Fact]
    public async Task A_config_is_set_tried_without_effect_and_given_back_to_its_default()
    {
        await CreateAsync(Topic, 1);
        var before = await RetentionAsync();
        before.ShouldSatisfyAllConditions(config => config.IsSet.ShouldBeFalse(), config => config.Value.ShouldBe(config.Default), config => config.Documentation.ShouldNotBeNull());

        await Topics.SetConfigsAsync(Topic, new Dictionary<string, string?> { ["retention.ms"] = "1000", ["segment.ms"] = "60000" }, dryRun: true, Ct);
        (await RetentionAsync()).ShouldBe(before);
        await Topics.SetConfigsAsync(Topic, new Dictionary<string, string?> { ["retention.ms"] = "1000", ["segment.ms"] = "60000" }, dryRun: false, Ct);
        await Eventually.Is(("1000", true), async () => await RetentionAsync() is var config ? (config.Value, config.IsSet) : default);
        await Topics.SetConfigsAsync(Topic, new Dictionary<string, string?> { ["retention.ms"] = null }, dryRun: false, Ct);
        await Eventually.Is(before, RetentionAsync);
        (await Topics.ConfigsAsync(Topic, Ct)).Single(config => config.Name == "segment.ms").Value.ShouldBe("60000", "a config that is not named stays");
    }

    [Theory]
    [InlineData("retention.ms", "soon")]
    [InlineData("no.such.config", "1")]
    public async Task A_config_that_the_broker_refuses_changes_nothing(string name, string value)
    {
        await CreateAsync(Topic, 1);
        await FailureOf(FailureKind.Invalid, () => Topics.SetConfigsAsync(Topic, new Dictionary<string, string?> { [name] = value }, dryRun: false, Ct));
    }

    [Fact]
    public async Task Configs_of_what_is_not_there_are_not_found() => await FailureOf(FailureKind.NotFound, () => Topics.ConfigsAsync(Topic, Ct));

    private async Task<TopicConfig> RetentionAsync() => (await Topics.ConfigsAsync(Topic, Ct)).Single(config => config.Name == "retention.ms");
}

public sealed class TopicOperationsOnGaram(GaramKafka kafka) : TopicOperationsTests(kafka);

public sealed class TopicOperationsOnApacheKafka(ApacheKafka kafka) : TopicOperationsTests(kafka);
