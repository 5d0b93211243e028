using System.Text.Json;
using Confluent.Kafka;
using Garam.Operations.Groups;
using Garam.Operations.Topics;
using Microsoft.Extensions.Time.Testing;

namespace Garam.Operations.Tests.Groups;

public abstract class ResetTests(TestKafka kafka) : OperationsTests(kafka)
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(100_000));
    private readonly string _directory = Path.Combine(Path.GetTempPath(), TestKafka.NewName("garam-resets"));

    private string Group { get; } = TestKafka.NewName("billing");

    private GroupOperations Groups => new(Connection, _clock, new ResetHistory(_directory));

    public override ValueTask DisposeAsync()
    {
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
        return base.DisposeAsync();
    }

    [Theory]
    [InlineData("start", "0:5>2 1:1>0 2:->0")]
    [InlineData("end", "0:5>6 1:1>3 2:->0")]
    [InlineData("4", "0:5>4 1:1>3MovedToEnd 2:->0MovedToEnd")]
    [InlineData("1", "0:5>2MovedToStart 1:1>1 2:->0MovedToEnd")]
    [InlineData("-1", "0:5>4 1:1>0")]
    [InlineData("+1", "0:5>6 1:1>2")]
    [InlineData("+9223372036854775807", "0:5>6MovedToEnd 1:1>3MovedToEnd")]
    [InlineData("@20000", "0:5>3 1:1>1 2:->0NoRecordSince")]
    [InlineData("@1970-01-01T00:00:30Z", "0:5>4 1:1>2 2:->0NoRecordSince")]
    [InlineData("-45s", "0:5>6NoRecordSince 1:1>3NoRecordSince 2:->0NoRecordSince")]
    [InlineData("-70s", "0:5>4 1:1>2 2:->0NoRecordSince")]
    public async Task A_preview_says_where_each_partition_would_stand_and_changes_nothing(string target, string expected)
    {
        await PrepareAsync();
        Shown(await Groups.PlanResetAsync(Group, ResetTarget.Parse(target), scope: null, Ct)).ShouldBe(expected);
        (await CommittedAsync()).ShouldBe("0:5 1:1");
    }

    [Fact]
    public async Task It_counts_what_is_read_again_and_what_is_skipped_and_tells_the_time_of_the_first_record()
    {
        await PrepareAsync();
        var plan = await Groups.PlanResetAsync(Group, ResetTarget.Parse("@20000"), scope: null, Ct);
        (plan.ReRead, plan.Skipped).ShouldBe((2, 0));
        plan.Partitions.Select(partition => partition.AfterTime?.ToUnixTimeMilliseconds()).ShouldBe([20_000, 20_000, null]);
        var skipping = await Groups.PlanResetAsync(Group, ResetTarget.Parse("end"), scope: null, Ct);
        (skipping.ReRead, skipping.Skipped).ShouldBe((0, 3));
    }

    [Fact]
    public async Task A_reset_is_committed_undone_and_done_again()
    {
        await PrepareAsync();
        var undo = await Groups.ApplyAsync(await PlanAsync("start"), Ct);
        (await CommittedAsync()).ShouldBe("0:2 1:0 2:0");
        Shown(undo).ShouldBe("0:2>5 1:0>1 2:0>-");

        var planned = (await Groups.PlanUndoAsync(Group, Ct)).ShouldNotBeNull();
        (Shown(planned), planned.Target).ShouldBe((Shown(undo), "undo"));
        planned.Warnings.ShouldBeEmpty();
        await Groups.ApplyAsync(planned, Ct);
        (await CommittedAsync()).ShouldBe("0:5 1:1", "partition 2 had no commit before, and has none again");

        var again = (await Groups.PlanUndoAsync(Group, Ct)).ShouldNotBeNull();
        again.Target.ShouldBe("redo");
        await Groups.ApplyAsync(again, Ct);
        (await CommittedAsync()).ShouldBe("0:2 1:0 2:0", "an undo is undone, too");
        (await Groups.PlanUndoAsync(Group, Ct)).ShouldNotBeNull().Target.ShouldBe("undo");
    }

    [Fact]
    public async Task A_consumer_goes_on_where_the_reset_has_set_it()
    {
        await PrepareAsync();
        await Groups.ApplyAsync(await PlanAsync("@30000", "0"), Ct);
        using var consumer = new ConsumerBuilder<string, string>(Connection.Configure(new ConsumerConfig { GroupId = Group, EnableAutoCommit = false })).Build();
        consumer.Assign(new TopicPartition(Topic, 0));
        consumer.Consume(TimeSpan.FromSeconds(30)).Message.Value.ShouldBe("at 30000");
        consumer.Close();
    }

    [Fact]
    public async Task An_undo_says_that_the_group_has_read_on_and_takes_no_account_of_what_others_reset()
    {
        await PrepareAsync();
        await Groups.ApplyAsync(await PlanAsync("start"), Ct);
        await CommitAsync(Group, Topic, (0, 4));
        var undo = (await Groups.PlanUndoAsync(Group, Ct)).ShouldNotBeNull();
        Shown(undo).ShouldBe("0:4>5 1:0>1 2:0>-");
        undo.Warnings.ShouldHaveSingleItem().ShouldContain("moved");
        (await Groups.PlanUndoAsync($"{Group}-other", Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task After_seven_days_a_reset_is_forgotten()
    {
        await PrepareAsync();
        await Groups.ApplyAsync(await PlanAsync("start"), Ct);
        _clock.Advance(TimeSpan.FromDays(6.9));
        (await Groups.PlanUndoAsync(Group, Ct)).ShouldNotBeNull();
        _clock.Advance(TimeSpan.FromDays(0.2));
        (await Groups.PlanUndoAsync(Group, Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task A_group_with_members_is_not_reset_and_the_message_names_them()
    {
        await PrepareAsync();
        var plan = await PlanAsync("start");
        using var member = await Member.JoinAsync(Connection, Group, Topic, "till-7", Ct);
        (await FailureOf(FailureKind.Conflict, () => PlanAsync("start"))).Message.ShouldContain("till-7");
        (await FailureOf(FailureKind.Conflict, () => Groups.ApplyAsync(plan, Ct))).Message.ShouldContain("till-7");
        await FailureOf(FailureKind.Conflict, () => Groups.DeleteAsync(Group, Ct));
        await FailureOf(FailureKind.Conflict, () => Groups.DeleteOffsetsAsync(Group, Topic, Ct));
        (await CommittedAsync()).ShouldBe("0:5 1:1");
        member.Close();
    }

    [Fact]
    public async Task A_group_that_has_moved_since_the_preview_is_left_where_it_is()
    {
        await PrepareAsync();
        var plan = await PlanAsync("start");
        await CommitAsync(Group, Topic, (1, 2));
        (await FailureOf(FailureKind.Conflict, () => Groups.ApplyAsync(plan, Ct))).Message.ShouldContain($"{Topic}:1 from 1 to 2");
        (await CommittedAsync()).ShouldBe("0:5 1:2");
        (await Groups.PlanUndoAsync(Group, Ct)).ShouldBeNull("nothing was done");
    }

    [Fact]
    public async Task What_fails_for_a_partition_is_told_and_only_what_was_done_can_be_undone()
    {
        await PrepareAsync();
        var plan = await PlanAsync("start", "0");
        var wrong = plan with { Partitions = [.. plan.Partitions, new ResetPartition(Topic, 99, null, 3, null, ResetNote.None)] };
        (await FailureOf(FailureKind.NotFound, () => Groups.ApplyAsync(wrong, Ct))).Message.ShouldContain($"{Topic}:99");
        (await CommittedAsync()).ShouldBe("0:2 1:1");
        Shown((await Groups.PlanUndoAsync(Group, Ct)).ShouldNotBeNull()).ShouldBe("0:2>5");
    }

    [Fact]
    public async Task Records_that_a_reset_may_skip_where_nothing_was_committed_are_stated()
    {
        await CreateAsync(Topic, 4);
        foreach (var partition in Enumerable.Range(0, 4))
            await ProduceAsync(Topic, partition, count: 5);
        await CommitAsync(Group, Topic, (0, 2));

        var plan = await Groups.PlanResetAsync(Group, ResetTarget.Parse("end"), scope: null, Ct);
        (plan.Skipped, plan.Uncommitted, plan.MaySkip, plan.MayRead).ShouldBe((3, 3, 15, 0));
        plan.Gap.ShouldNotBeNull().English.ShouldBe("3 partitions have no committed offset: depending on auto.offset.reset, up to 15 more records are skipped there");

        await Groups.ApplyAsync(plan, Ct);
        var undo = (await Groups.PlanUndoAsync(Group, Ct)).ShouldNotBeNull();
        (undo.ReRead, undo.Uncommitted, undo.MayRead).ShouldBe((3, 3, 15));
        undo.Gap.ShouldNotBeNull().English.ShouldEndWith("depending on auto.offset.reset, up to 15 more records are read there");
        undo.Gap.ShouldNotBeNull().Korean.ShouldEndWith("레코드를 최대 15건 더 읽을 수 있습니다");
    }

    [Fact]
    public async Task A_group_takes_over_where_another_is()
    {
        await PrepareAsync();
        var heir = $"{Group}-heir";
        var plan = await Groups.PlanResetAsync(heir, ResetTarget.Parse($"group:{Group}"), scope: null, Ct);
        Shown(plan).ShouldBe("0:->5 1:->1");
        plan.Warnings.ShouldContain(warning => warning.Contains("does not exist yet"));
        plan.Warnings.ShouldContain(warning => warning.Contains($"{Topic}:2"));
        await Groups.ApplyAsync(plan, Ct);
        (await CommittedAsync(heir)).ShouldBe("0:5 1:1");
        await FailureOf(FailureKind.NotFound, () => Groups.PlanResetAsync(heir, ResetTarget.Parse("group:nobody-at-all"), scope: null, Ct));
    }

    [Fact]
    public async Task A_scope_narrows_it_to_topics_and_partitions_which_have_to_be_there()
    {
        await PrepareAsync();
        var other = $"{Topic}-other";
        await CreateAsync(other, 1);
        Shown(await PlanAsync("start", "1,2")).ShouldBe("1:1>0 2:->0");
        (await Groups.PlanResetAsync(Group, ResetTarget.Parse("end"), ResetScope.Parse([other]), Ct)).Partitions.Single().ShouldBe(new ResetPartition(other, 0, null, 0, null, ResetNote.None) { StartOffset = 0, EndOffset = 0 });
        (await FailureOf(FailureKind.NotFound, () => PlanAsync("start", "0,7"))).Message.ShouldContain("7");
        await FailureOf(FailureKind.NotFound, () => Groups.PlanResetAsync(Group, ResetTarget.Parse("end"), ResetScope.Parse(["nothing-of-that-name"]), Ct));
        await FailureOf(FailureKind.NotFound, () => Groups.PlanResetAsync($"{Group}-new", ResetTarget.Parse("end"), scope: null, Ct));
    }

    [Fact]
    public async Task A_plan_survives_being_written_as_JSON_and_one_that_was_tampered_with_is_refused()
    {
        await PrepareAsync();
        var plan = JsonSerializer.Deserialize<ResetPlan>(JsonSerializer.Serialize(await PlanAsync("start"))).ShouldNotBeNull();
        await FailureOf(FailureKind.Invalid, () => Groups.ApplyAsync(plan with { Partitions = [.. plan.Partitions, plan.Partitions[0]] }, Ct));
        await FailureOf(FailureKind.Invalid, () => Groups.ApplyAsync(plan with { Partitions = [plan.Partitions[0] with { After = -2 }] }, Ct));
        await Groups.ApplyAsync(plan, Ct);
        (await CommittedAsync()).ShouldBe("0:2 1:0 2:0");
    }

    [Fact]
    public async Task A_group_and_what_it_committed_in_a_topic_are_deleted()
    {
        await PrepareAsync();
        var other = $"{Topic}-other";
        await CreateAsync(other, 1);
        await CommitAsync(Group, other, (0, 0));
        await Groups.DeleteOffsetsAsync(Group, Topic, Ct);
        (await Groups.DescribeAsync(Group, Ct)).Positions.Select(position => position.Topic).ShouldBe([other]);
        await FailureOf(FailureKind.NotFound, () => Groups.DeleteOffsetsAsync(Group, Topic, Ct));
        await Groups.DeleteAsync(Group, Ct);
        await FailureOf(FailureKind.NotFound, () => Groups.DescribeAsync(Group, Ct));
        await FailureOf(FailureKind.NotFound, () => Groups.DeleteAsync(Group, Ct));
    }

    /// <summary>Partition 0 holds offsets 2 to 5, partition 1 offsets 0 to 2, partition 2 nothing; the group is at 5 and at 1.</summary>
    private async Task PrepareAsync()
    {
        await CreateAsync(Topic, 3);
        await ProduceAtAsync(Topic, partition: 0, 1_000, 2_000, 10_000, 20_000, 30_000, 40_000);
        await ProduceAtAsync(Topic, partition: 1, 10_000, 20_000, 30_000);
        await new TopicOperations(Connection).ClearAsync(new ClearPlan(Topic, [new ClearedPartition(0, 0, 2, 6)]), Ct);
        await CommitAsync(Group, Topic, (0, 5), (1, 1));
    }

    private Task<ResetPlan> PlanAsync(string target, string? partitions = null) =>
        Groups.PlanResetAsync(Group, ResetTarget.Parse(target), partitions is null ? null : ResetScope.Parse([$"{Topic}:{partitions}"]), Ct);

    private static string Shown(ResetPlan plan) => string.Join(' ', plan.Partitions.Select(partition =>
        $"{partition.Partition}:{partition.Before?.ToString() ?? "-"}>{partition.After?.ToString() ?? "-"}{(partition.Note is ResetNote.None ? "" : partition.Note)}"));

    private async Task<string> CommittedAsync(string? group = null) => string.Join(' ', (await Groups.DescribeAsync(group ?? Group, Ct)).Positions
        .Where(position => position.Committed != null).Select(position => $"{position.Partition}:{position.Committed}"));
}

public sealed class ResetOnGaram(GaramKafka kafka) : ResetTests(kafka);

public sealed class ResetOnApacheKafka(ApacheKafka kafka) : ResetTests(kafka);
