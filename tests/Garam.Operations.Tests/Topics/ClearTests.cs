using Garam.Operations.Topics;

namespace Garam.Operations.Tests.Topics;

public abstract class ClearTests(TestKafka kafka) : OperationsTests(kafka)
{
    private TopicOperations Topics => new(Connection);

    [Fact]
    public async Task A_clear_says_how_many_records_go_and_takes_just_these()
    {
        await CreateAsync(Topic, 2);
        await ProduceAsync(Topic, partition: 0, count: 3);
        await ProduceAsync(Topic, partition: 1, count: 2);

        var plan = await Topics.PlanClearAsync(Topic, partitions: null, beforeOffset: null, beforeTime: null, Ct);
        plan.Records.ShouldBe(5);
        await ProduceAsync(Topic, partition: 1, count: 1);
        await Topics.ClearAsync(plan, Ct);

        await Eventually.Is("3-3 2-3", BoundsAsync);
    }

    [Fact]
    public async Task It_can_be_narrowed_to_partitions_an_offset_and_a_time()
    {
        await CreateAsync(Topic, 2);
        await ProduceAtAsync(Topic, partition: 0, 1_000, 2_000, 3_000, 4_000);
        await ProduceAtAsync(Topic, partition: 1, 1_000, 9_000);

        (await PlanAsync([1], null, null)).ShouldBe("1:2");
        (await PlanAsync(null, 1, null)).ShouldBe("0:1 1:1");
        (await PlanAsync(null, 100, null)).ShouldBe("0:4 1:2", "an offset beyond the end takes what is there");
        (await PlanAsync(null, null, 3_000)).ShouldBe("0:2 1:1", "the first record of that time stays");
        (await PlanAsync(null, null, 5_000)).ShouldBe("0:4 1:1", "every record of partition 0 is older");
        (await PlanAsync(null, 1, 3_000)).ShouldBe("0:1 1:1", "the narrower of the two");

        await Topics.ClearAsync(await Topics.PlanClearAsync(Topic, null, null, DateTimeOffset.FromUnixTimeMilliseconds(3_000), Ct), Ct);
        await Eventually.Is("2-4 1-2", BoundsAsync);
        (await PlanAsync(null, 1, null)).ShouldBe("0:0 1:0", "what is gone is not counted again");
    }

    [Fact]
    public async Task A_compacted_topic_is_not_cleared_and_the_preview_says_why()
    {
        await CreateAsync(Topic, 1, ("cleanup.policy", "compact"));
        (await FailureOf(FailureKind.Conflict, () => Topics.PlanClearAsync(Topic, null, null, null, Ct))).Message.ShouldContain("cleanup.policy");
        await ProduceAsync(Topic, partition: 0, count: 1);
        await FailureOf(FailureKind.Conflict, () => Topics.ClearAsync(new ClearPlan(Topic, [new ClearedPartition(0, 0, 1, 1)]), Ct));
    }

    [Fact]
    public async Task A_topic_that_was_made_anew_since_the_preview_is_left_alone()
    {
        await CreateAsync(Topic, 1);
        await ProduceAsync(Topic, partition: 0, count: 1);
        (await FailureOf(FailureKind.Conflict, () => Topics.ClearAsync(new ClearPlan(Topic, [new ClearedPartition(0, 0, 7, 7)]), Ct))).Message.ShouldContain("preview");
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        await CreateAsync(Topic, 1);
        (await FailureOf(FailureKind.NotFound, () => Topics.PlanClearAsync(Topic, [0, 7], null, null, Ct))).Message.ShouldContain("7");
        await FailureOf(FailureKind.NotFound, () => Topics.PlanClearAsync(TestKafka.NewName("nothing"), null, null, null, Ct));
    }

    private async Task<string> PlanAsync(int[]? partitions, long? beforeOffset, long? beforeTime)
    {
        var plan = await Topics.PlanClearAsync(Topic, partitions, beforeOffset, beforeTime is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null, Ct);
        return string.Join(' ', plan.Partitions.Select(partition => $"{partition.Partition}:{partition.Records}"));
    }

    private async Task<string> BoundsAsync() =>
        string.Join(' ', (await Topics.DescribeAsync([Topic], Ct)).Single().Partitions.Select(partition => $"{partition.StartOffset}-{partition.EndOffset}"));
}

public sealed class ClearOnGaram(GaramKafka kafka) : ClearTests(kafka);

public sealed class ClearOnApacheKafka(ApacheKafka kafka) : ClearTests(kafka);
