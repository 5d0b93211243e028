using Confluent.Kafka;
using Garam.Operations.Groups;
using Garam.Operations.Topics;
using Microsoft.Extensions.Time.Testing;

namespace Garam.Operations.Tests.Groups;

public abstract class LagTests(TestKafka kafka) : OperationsTests(kafka)
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(100_000));

    private string Group { get; } = TestKafka.NewName("billing");

    private GroupOperations Groups => new(Connection, _clock);

    [Fact]
    public async Task Lag_is_told_in_records_and_in_the_age_of_the_first_one_not_yet_read()
    {
        await CreateAsync(Topic, 3);
        await ProduceAtAsync(Topic, partition: 0, 10_000, 20_000, 30_000);
        await ProduceAtAsync(Topic, partition: 1, 60_000, 70_000);
        await CommitAsync(Group, Topic, (0, 1), (1, 2), (2, 0));

        var group = await Groups.DescribeAsync(Group, Ct);
        group.Positions.Select(position => (position.Partition, position.Lag, position.Behind, position.State)).ShouldBe(
        [
            (0, 2, TimeSpan.FromSeconds(80), PositionState.Known),
            (1, 0, TimeSpan.Zero, PositionState.Known),
            (2, 0, TimeSpan.Zero, PositionState.Known),
        ]);
        (group.Lag, group.Behind).ShouldBe((2, TimeSpan.FromSeconds(80)));

        _clock.Advance(TimeSpan.FromSeconds(5));
        (await Groups.DescribeAsync(Group, Ct)).Behind.ShouldBe(TimeSpan.FromSeconds(85), "a group that stands still falls behind as time goes on");
    }

    [Fact]
    public async Task Groups_that_stand_at_different_places_of_one_partition_are_told_apart_in_one_sweep()
    {
        await CreateAsync(Topic, 2);
        await ProduceAtAsync(Topic, partition: 0, Enumerable.Range(1, 20).Select(second => second * 1000L));
        var names = Enumerable.Range(0, 20).Select(at => $"{Group}-{at:00}").ToList();
        foreach (var (name, at) in names.Select((name, at) => (name, at)))
            await CommitAsync(name, Topic, (0, at));

        var lags = await Groups.LagAsync(names, Ct);
        lags.Select(group => group.Name).ShouldBe(names);
        lags.Select(group => (group.Lag, group.Behind)).ShouldBe(Enumerable.Range(0, 20).Select(at => ((long?)(20 - at), (TimeSpan?)TimeSpan.FromSeconds(99 - at))));
        lags[3].Topics.ShouldBe([new TopicLag(Topic, 17, TimeSpan.FromSeconds(96), new LagCoverage(2, 1, 0, null, 0))]);
        (await Groups.LagAsync(names, Ct)).Select(group => group.Behind).ShouldBe(lags.Select(group => group.Behind), "what was read once is known");
    }

    [Fact]
    public async Task Offsets_that_point_outside_the_log_have_a_lag_of_what_is_there()
    {
        await CreateAsync(Topic, 5);
        foreach (var partition in Enumerable.Range(0, 4))
            await ProduceAtAsync(Topic, partition, 10_000, 20_000, 30_000, 40_000);
        await new TopicOperations(Connection).ClearAsync(new ClearPlan(Topic, [new ClearedPartition(0, 0, 2, 4), new ClearedPartition(3, 0, 4, 4)]), Ct);
        await CommitAsync(Group, Topic, (0, 1), (1, 90), (3, 1));

        using var member = await JoinAsync("reader");
        var positions = (await Groups.DescribeAsync(Group, Ct)).Positions;
        positions.Select(position => (position.Partition, position.State, position.Lag, position.Behind)).ShouldBe(
        [
            (0, PositionState.BeforeStart, 2, TimeSpan.FromSeconds(70)),
            (1, PositionState.BeyondEnd, 0, TimeSpan.Zero),
            (2, PositionState.NothingCommitted, null, TimeSpan.FromSeconds(90)),
            (3, PositionState.BeforeStart, 0, TimeSpan.Zero),
            (4, PositionState.NothingCommitted, 0, TimeSpan.Zero),
        ]);
    }

    [Fact]
    public async Task Partitions_without_a_commit_are_stated_with_the_records_that_they_hold()
    {
        await CreateAsync(Topic, 8);
        foreach (var partition in Enumerable.Range(0, 8))
            await ProduceAtAsync(Topic, partition, 10_000, 20_000);
        await CommitAsync(Group, Topic, (0, 2), (1, 1), (2, 0));

        var lag = (await Groups.LagAsync([Group], Ct)).Single();
        (lag.Lag, lag.Behind).ShouldBe((3, TimeSpan.FromSeconds(90)));
        lag.Coverage.ShouldBe(new LagCoverage(8, 3, 10, TimeSpan.FromSeconds(90), 0));
        lag.Coverage.Gap.ShouldNotBeNull().English.ShouldBe("committed in 3 of 8 partitions; the other 5 hold 10 records");
        lag.Coverage.AtMost(lag.Lag).ShouldBe(13);
        lag.Topics.Single().Coverage.ShouldBe(lag.Coverage);

        var detail = await Groups.DescribeAsync(Group, Ct);
        detail.Positions.Select(position => position.Partition).ShouldBe(Enumerable.Range(0, 8), "no partition of the topic is left out");
        detail.Positions.Skip(3).ShouldAllBe(position => position.State == PositionState.NothingCommitted && position.Lag == null && position.Uncommitted == 2);
    }

    [Fact]
    public async Task A_group_that_has_committed_in_every_partition_has_a_lag_without_a_gap()
    {
        await CreateAsync(Topic, 2);
        await ProduceAsync(Topic, partition: 0, count: 3);
        await CommitAsync(Group, Topic, (0, 1));
        var lag = (await Groups.LagAsync([Group], Ct)).Single();
        lag.Coverage.IsComplete.ShouldBeTrue("the other partition is empty: nothing can be unread there");
        lag.Coverage.Gap.ShouldBeNull();
        lag.Coverage.AtMost(lag.Lag).ShouldBe(2);
    }

    [Fact]
    public async Task A_topic_that_is_gone_is_said_to_be_gone_and_holds_up_nothing()
    {
        await CreateAsync(Topic, 1);
        await ProduceAsync(Topic, partition: 0, count: 2);
        var doomed = $"{Topic}-doomed";
        await CreateAsync(doomed, 1);
        await CommitAsync(Group, Topic, (0, 1));
        await CommitAsync(Group, doomed, (0, 5));
        await new TopicOperations(Connection).DeleteAsync([doomed], Ct);
        await Eventually.Is(false, async () => (await new TopicOperations(Connection).ListAsync(Ct)).Any(topic => topic.Name == doomed));

        var group = await Groups.DescribeAsync(Group, Ct);
        group.Lag.ShouldBe(1);
        group.Positions.Where(position => position.Topic == Topic).Select(position => position.State).ShouldBe([PositionState.Known]);
        // Apache Kafka forgets the offsets of a topic that is deleted, and may not have come to it yet.
        group.Positions.Where(position => position.Topic == doomed).ShouldAllBe(position => position.State == PositionState.Gone && position.Lag == null);
    }

    [Fact]
    public async Task A_topic_that_was_made_anew_has_the_ages_of_its_new_records()
    {
        await CreateAsync(Topic, 1);
        await ProduceAtAsync(Topic, partition: 0, 10_000);
        await CommitAsync(Group, Topic, (0, 0));
        (await Groups.DescribeAsync(Group, Ct)).Behind.ShouldBe(TimeSpan.FromSeconds(90));

        var topics = new TopicOperations(Connection);
        await topics.DeleteAsync([Topic], Ct);
        await Eventually.Is(false, async () => (await topics.ListAsync(Ct)).Any(topic => topic.Name == Topic));
        await CreateAsync(Topic, 1);
        await ProduceAtAsync(Topic, partition: 0, 50_000);
        await CommitAsync(Group, Topic, (0, 0));
        await Eventually.Is(TimeSpan.FromSeconds(50), async () => (await Groups.DescribeAsync(Group, Ct)).Behind ?? default);
    }

    [Fact]
    public async Task A_group_with_members_says_who_they_are_and_what_they_own()
    {
        await CreateAsync(Topic, 2);
        await CommitAsync(Group, Topic, (0, 0), (1, 0));
        using (var member = await JoinAsync("reader"))
        {
            var group = await Groups.DescribeAsync(Group, Ct);
            group.State.ShouldBe("Stable");
            group.Members.Single().ShouldSatisfyAllConditions(found => found.ClientId.ShouldBe("reader"), found => found.Host.ShouldMatch("^[^/]+$"), found => found.Partitions.ShouldBe([$"{Topic}:0", $"{Topic}:1"]));
            group.Positions.ShouldAllBe(position => position.ClientId == "reader" && position.MemberId == group.Members[0].Id);
            (await Groups.LagAsync([Group], Ct)).Single().Members.ShouldBe(1);
            member.Close();
        }

        await Eventually.Is("Empty", async () => (await Groups.DescribeAsync(Group, Ct)).State);
    }

    [Theory]
    [InlineData("두 번째 묶음 / 주문")]
    [InlineData("<b>&amp;\"';--</b>")]
    [InlineData("tab\tnewline\nescape\u001b[31m")]
    [InlineData(" leading and trailing ")]
    [InlineData("../../etc/passwd")]
    [InlineData("right\u202eto left")]
    public async Task A_group_may_be_called_anything(string prefix)
    {
        var name = $"{prefix}{Guid.NewGuid():N}";
        await CreateAsync(Topic, 1);
        await ProduceAsync(Topic, partition: 0, count: 3);
        await CommitAsync(name, Topic, (0, 2));
        (await Groups.ListAsync(Ct)).ShouldContain(group => group.Name == name);
        (await Groups.LagAsync([name], Ct)).Single().ShouldSatisfyAllConditions(group => group.Name.ShouldBe(name), group => group.Lag.ShouldBe(1), group => group.State.ShouldBe("Empty"));
    }

    [Fact]
    public async Task A_group_that_does_not_exist_is_not_found_and_in_a_sweep_it_is_dead()
    {
        await FailureOf(FailureKind.NotFound, () => Groups.DescribeAsync(Group, Ct));
        (await Groups.LagAsync([Group], Ct)).Single().ShouldSatisfyAllConditions(group => group.State.ShouldBe("Dead"), group => group.Lag.ShouldBeNull(), group => group.Failure.ShouldBeNull());
        (await Groups.LagAsync([], Ct)).ShouldBeEmpty();
    }

    private async Task<IConsumer<Ignore, Ignore>> JoinAsync(string clientId) => await Member.JoinAsync(Connection, Group, Topic, clientId, Ct);
}

public sealed class LagOnGaram(GaramKafka kafka) : LagTests(kafka);

public sealed class LagOnApacheKafka(ApacheKafka kafka) : LagTests(kafka);
