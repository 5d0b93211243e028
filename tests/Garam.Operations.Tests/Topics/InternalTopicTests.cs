using Garam.Operations.Connections;
using Garam.Operations.Messages;
using Garam.Operations.Topics;

namespace Garam.Operations.Tests.Topics;

/// <summary>Kafka's internal topics cannot be changed by accident, whatever the broker itself would allow.</summary>
public abstract class InternalTopicTests(TestKafka kafka) : OperationsTests(kafka)
{
    private const string Offsets = "__consumer_offsets";

    private TopicOperations Topics => new(Connection);

    [Fact]
    public async Task An_internal_topic_is_not_written_cleared_configured_or_deleted()
    {
        await CreateAsync(Topic, 1);
        await ProduceAsync(Topic, partition: 0, count: 1);
        using var messages = new MessageOperations(Connection);
        Func<Task>[] changes =
        [
            () => messages.ProduceAsync(new NewRecord(Offsets, null, [1]), Ct),
            async () => { await foreach (var _ in messages.CopyAsync(new CopyRequest(new BrowseRequest(Topic), Offsets), Ct)) { } },
            () => Topics.PlanClearAsync(Offsets, null, null, null, Ct),
            () => Topics.ClearAsync(new ClearPlan(Offsets, [new ClearedPartition(0, 0, 1, 1)]), Ct),
            () => Topics.AddPartitionsAsync(Offsets, 100, dryRun: true, Ct),
            () => Topics.SetConfigsAsync(Offsets, new Dictionary<string, string?> { ["cleanup.policy"] = "delete" }, dryRun: true, Ct),
        ];
        foreach (var change in changes)
            (await FailureOf(FailureKind.Invalid, change)).Message.ShouldContain("internal topic of Kafka");
    }

    [Fact]
    public async Task Of_several_topics_the_internal_one_is_not_deleted_and_the_others_are()
    {
        await CreateAsync(Topic, 1);
        var outcomes = await Topics.DeleteAsync([Offsets, Topic], Ct);
        outcomes.Single(outcome => outcome.Name == Offsets).Failure!.Message.ShouldContain("--allow-internal");
        outcomes.Single(outcome => outcome.Name == Topic).Failure.ShouldBeNull();
    }

    [Fact]
    public async Task With_the_override_it_is_the_broker_that_decides()
    {
        using var allowing = new KafkaConnection(Servers) { AllowInternal = true };
        var absent = new ClearPlan("__transaction_state", []);
        await Should.NotThrowAsync(() => new TopicOperations(allowing).ClearAsync(absent, Ct));
    }
}

public sealed class InternalTopicOnGaram(GaramKafka kafka) : InternalTopicTests(kafka);

public sealed class InternalTopicOnApacheKafka(ApacheKafka kafka) : InternalTopicTests(kafka);
