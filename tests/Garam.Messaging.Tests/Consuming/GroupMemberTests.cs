using Confluent.Kafka;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Failures;
using Garam.Messaging.Producing;
using Garam.Messaging.Tests.Brokers;

namespace Garam.Messaging.Tests.Consuming;

public sealed class GroupMemberTests
{
    private static readonly TopicPartition Zero = Member.Partition(0);
    private static readonly TopicPartition One = Member.Partition(1);

    [Fact]
    public async Task Only_the_offset_up_to_which_all_is_done_is_committed()
    {
        using var member = new Member(endpoint => endpoint.WithConcurrency(3, RecordOrder.None));
        Deliver(member, Zero, 0, 1, 2);
        await member.Succeed(2);
        await member.Succeed(0);

        await member.CommitAsync(head: 1);
        await member.Succeed(1);
        await member.CommitAsync(head: 3);
        member.Transport.Commits.Select(commit => commit.Offset.Value).ShouldBe([1, 3]);
    }

    [Fact]
    public async Task Records_of_a_partition_are_handled_one_after_the_other_by_default()
    {
        using var member = new Member();
        Deliver(member, Zero, 0, 1);
        await member.Succeed(0);
        await Eventually.Is(2, () => member.Started.Count);
        member.Started.ShouldBe([0, 1]);
    }

    [Fact]
    public async Task One_partition_does_not_wait_for_another()
    {
        using var member = new Member();
        Deliver(member, Zero, 0);
        Deliver(member, One, 10);
        await Eventually.Is(2, () => member.Started.Count);
    }

    [Fact]
    public async Task Records_of_one_key_wait_for_each_other_and_other_keys_do_not()
    {
        // Lanes are chosen by a hash: another key may share the lane of "same", so none of the others may stay there.
        using var member = new Member(endpoint => endpoint.WithConcurrency(1_024))
        {
            Handler = context => context.Offset is 0 or 19 ? null : Task.CompletedTask,
        };
        member.Transport.Assign(Zero);
        for (var offset = 0; offset < 20; offset++)
        {
            member.Transport.Deliver(Zero, offset, offset == 0 || offset == 19 ? "same" : $"other-{offset}");
        }

        member.Steps(21);
        await member.Until(() => member.Started.Count >= 15);
        member.Started.ShouldNotContain(19);
        await member.Succeed(0);
        await member.Until(() => member.Started.Contains(19));
    }

    [Fact]
    public async Task A_partition_is_paused_at_the_mark_and_read_again_at_half_of_it()
    {
        using var member = new Member(options: options => options.MaxInFlight = 4);
        Deliver(member, Zero, 0, 1, 2, 3);
        member.Transport.Calls.ShouldBe(["pause 0"]);

        await member.Succeed(0);
        await member.Until(() => member.Assignments[0].Unfinished.Records == 3);
        member.Transport.Calls.ShouldBe(["pause 0"]);

        await member.Succeed(1);
        await member.Succeed(2);
        await member.Until(() => member.Transport.Calls.Count == 2);
        member.Transport.Calls.ShouldBe(["pause 0", "resume 0"]);
    }

    [Fact]
    public void Large_records_pause_a_partition_by_their_bytes()
    {
        using var member = new Member(options: options => options.MaxInFlightBytes = 2_000);
        member.Transport.Assign(Zero);
        member.Transport.Deliver(Zero, 0, value: new string('x', 1_000));
        member.Transport.Deliver(Zero, 1, value: new string('x', 1_000));
        member.Steps(3);
        member.Transport.Calls.ShouldBe(["pause 0"]);
    }

    [Fact]
    public async Task A_new_assignment_is_read_though_the_last_one_ended_paused()
    {
        using var member = new Member(options: options => options.MaxInFlight = 1);
        Deliver(member, Zero, 0);
        member.Transport.Calls.ShouldBe(["pause 0"]);
        member.Transport.Lose(Zero);
        member.Transport.Assign(Zero);
        await member.Until(() => member.Transport.Calls.Count == 2);
        member.Transport.Calls.ShouldBe(["pause 0", "resume 0"]);
    }

    [Fact]
    public async Task What_was_fetched_before_a_pause_is_handled_all_the_same()
    {
        using var member = new Member(options: options => options.MaxInFlight = 1) { Handler = _ => Task.CompletedTask };
        Deliver(member, Zero, 0, 1, 2, 3);
        await member.CommitAsync(head: 4);
        member.Started.ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public async Task A_revoked_partition_is_committed_when_its_running_handler_has_ended()
    {
        using var member = new Member();
        Deliver(member, Zero, 0, 1);
        await member.Succeed(0);
        await Eventually.Is(2, () => member.Started.Count);
        member.Transport.Revoke(Zero);
        var revoking = Task.Run(() => member.Steps(1));
        await member.Succeed(1);
        await revoking;

        member.Transport.Commits.Last().ShouldBe(new TopicPartitionOffset(Zero, 2));
        member.Assignments.ShouldBeEmpty();
    }

    [Fact]
    public async Task Records_that_have_not_begun_when_their_partition_is_revoked_never_begin()
    {
        using var member = new Member();
        Deliver(member, Zero, 0, 1, 2);
        await Eventually.Is(1, () => member.Started.Count);
        member.Transport.Revoke(Zero);
        var revoking = Task.Run(() => member.Steps(1));
        await Eventually.True(() => member.Assignments is not [{ IsDraining: false }]);
        await member.Succeed(0);
        await revoking;
        member.Started.ShouldBe([0]);
        member.Transport.Commits.Last().Offset.Value.ShouldBe(1);
    }

    [Fact]
    public async Task A_handler_that_outlasts_the_drain_is_cancelled_and_its_record_is_not_committed()
    {
        using var member = new Member(options: options => options.DrainTimeout = TimeSpan.Zero);
        Deliver(member, Zero, 0);
        await Eventually.Is(1, () => member.Started.Count);
        member.Transport.Revoke(Zero);
        member.Steps(1);

        member.Tokens.Single().IsCancellationRequested.ShouldBeTrue();
        member.Transport.Commits.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_committed_for_a_lost_partition_and_its_handlers_are_cancelled()
    {
        using var member = new Member();
        Deliver(member, Zero, 0, 1);
        await member.Succeed(0);
        await Eventually.Is(2, () => member.Started.Count);
        member.Transport.Lose(Zero);
        member.Steps(1);
        member.Clock.Advance(TimeSpan.FromMinutes(1));
        member.Steps(3);

        member.Transport.Commits.ShouldBeEmpty();
        member.Transport.LateCommits.ShouldBeEmpty();
        member.Transport.ForeignCommits.ShouldBeEmpty();
        member.Tokens.Last().IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task A_completion_from_an_old_assignment_does_not_move_the_new_one()
    {
        using var member = new Member(options: options => options.DrainTimeout = TimeSpan.Zero);
        var late = new TaskCompletionSource();
        member.Handler = context => context.Offset == 0 && context.Attempt == 1 && member.Started.IsEmpty ? late.Task : null;
        Deliver(member, Zero, 0);
        await Eventually.Is(1, () => member.Started.Count);
        member.Transport.Revoke(Zero);
        member.Steps(1);
        Deliver(member, Zero, 0, 1);
        await Eventually.Is(2, () => member.Started.Count);

        late.SetResult();
        member.Clock.Advance(TimeSpan.FromMinutes(1));
        member.Steps(3);
        member.Assignments[0].Tracker.Head.ShouldBeNull();
        member.Started.ShouldBe([0, 0]);
    }

    [Fact]
    public async Task A_commit_that_fails_is_tried_again()
    {
        using var member = new Member { Handler = _ => Task.CompletedTask };
        member.Transport.CommitError = new Error(ErrorCode.RebalanceInProgress);
        Deliver(member, Zero, 0);
        await member.Until(() => member.Clock.GetUtcNow() > new DateTimeOffset(2026, 1, 1, 0, 0, 3, TimeSpan.Zero));
        member.Transport.Commits.ShouldBeEmpty();
        member.Transport.CommitError = null;
        await member.CommitAsync(head: 1);
    }

    [Fact]
    public async Task A_retry_waits_on_a_timer_and_holds_only_its_lane()
    {
        using var member = new Member(endpoint => endpoint.WithConcurrency(2, RecordOrder.None).Retry(1, Backoff.Constant(TimeSpan.FromMinutes(1))));
        Deliver(member, Zero, 0, 1);
        await member.Fail(0, new InvalidDataException("no"));
        await Eventually.Is(1, () => member.Clock.PendingTimers);
        await member.Succeed(1);
        member.Transport.Deliver(Zero, 2);
        member.Transport.Deliver(Zero, 3);
        member.Steps(2);
        await member.Succeed(3);
        member.Started.ShouldBe([0, 1, 3], ignoreOrder: true);

        member.Clock.Advance(TimeSpan.FromMinutes(1));
        await member.Succeed(0);
        await member.Succeed(2);
        await member.CommitAsync(head: 4);
    }

    [Fact]
    public async Task A_record_is_tried_as_often_as_configured_then_dead_lettered_and_the_next_one_goes_on()
    {
        var producer = new FakeProducer();
        using var member = new Member(endpoint => endpoint.Retry(2, Backoff.Constant(TimeSpan.FromSeconds(1))).DeadLetter(), producer: producer)
        {
            Handler = context => context.Offset == 0 ? Task.FromException(new InvalidDataException("never")) : Task.CompletedTask,
        };
        Deliver(member, Zero, 0, 1);
        await member.CommitAsync(head: 2);

        member.Started.ShouldBe([0, 0, 0, 1]);
        var letter = producer.Records.ShouldHaveSingleItem();
        letter.Topic.ShouldBe("orders.billing.dlt");
        letter.Headers.Single(header => header.Name == DeadLetterHeaders.Attempts).AsText().ShouldBe("3");
    }

    [Fact]
    public async Task Trouble_with_a_dependency_is_retried_for_as_long_as_it_lasts_and_is_not_held_against_the_record()
    {
        var away = true;
        using var member = new Member(endpoint => endpoint.Retry(0, Backoff.Constant(TimeSpan.FromSeconds(1))).DeadLetter())
        {
            Handler = _ => Volatile.Read(ref away) ? Task.FromException(new TimeoutException("the database")) : Task.CompletedTask,
        };
        Deliver(member, Zero, 0);
        await member.Until(() => member.Started.Count > 20);
        member.Assignments[0].Troubles.ShouldHaveSingleItem().ShouldContain("the database");
        member.Assignments[0].HeldBecause.ShouldBeNull();

        Volatile.Write(ref away, false);
        await member.CommitAsync(head: 1);
        member.Assignments[0].Troubles.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_dead_letter_topic_the_partition_is_held_and_says_so_and_others_go_on()
    {
        using var member = new Member(endpoint => endpoint.WithConcurrency(4, RecordOrder.None).Retry(0, Backoff.Constant(TimeSpan.Zero)))
        {
            Handler = context => context is { Partition: 0, Offset: 0 } ? Task.FromException(new InvalidDataException("never")) : Task.CompletedTask,
        };
        Deliver(member, Zero, 0);
        await member.Until(() => member.Assignments[0].HeldBecause is not null);
        await member.Until(() => member.Transport.Calls.Contains("pause 0"));
        Deliver(member, One, 0);
        member.Transport.Deliver(Zero, 1);
        member.Steps(2);
        await member.CommitAsync(head: 1);

        member.Transport.Commits.ShouldAllBe(commit => commit.TopicPartition == One);
        member.Assignments[0].HeldBecause!.ShouldContain("orders[0] at offset 0");
        member.Started.ShouldBe([0, 0]);
    }

    [Fact]
    public async Task While_the_dead_letter_cannot_be_written_the_partition_is_held_and_the_offset_stays()
    {
        var producer = new FakeProducer { Failure = new ProduceFailedException("orders.billing.dlt", "Local_MsgTimedOut", "timed out", isTransient: true) };
        using var member = new Member(endpoint => endpoint.Retry(0, Backoff.Constant(TimeSpan.Zero)).DeadLetter(), producer: producer)
        {
            Handler = context => context.Offset == 0 ? Task.FromException(new InvalidDataException("never")) : Task.CompletedTask,
        };
        Deliver(member, Zero, 0, 1);
        await member.Until(() => member.Assignments[0].HeldBecause is not null);
        await member.Until(() => member.Clock.GetUtcNow() > new DateTimeOffset(2026, 1, 1, 0, 0, 30, TimeSpan.Zero));
        member.Transport.Commits.ShouldBeEmpty();
        member.Started.ShouldBe([0]);

        producer.Failure = null;
        await member.CommitAsync(head: 2);
        member.Assignments[0].HeldBecause.ShouldBeNull();
        producer.Records.Count.ShouldBe(1);
        member.Transport.Calls.ShouldBe(["pause 0", "resume 0"]);
    }

    [Fact]
    public async Task At_the_stop_nothing_begins_running_handlers_end_while_polling_goes_on_and_the_member_leaves()
    {
        using var member = new Member();
        Deliver(member, Zero, 0, 1);
        await Eventually.Is(1, () => member.Started.Count);
        var polls = 0;
        member.Transport.OnPoll = _ => Interlocked.Increment(ref polls);
        var stopping = Task.Run(() => member.Stop(new CancellationToken(canceled: true)));
        await Eventually.True(() => Volatile.Read(ref polls) > 5);
        await member.Succeed(0);
        await stopping;

        member.Transport.IsClosed.ShouldBeTrue();
        member.Transport.Commits.ShouldHaveSingleItem().Offset.Value.ShouldBe(1);
        member.Started.ShouldBe([0]);
    }

    [Fact]
    public void Trouble_that_the_client_recovers_from_does_not_end_the_member()
    {
        using var member = new Member();
        member.Transport.Fail(new Error(ErrorCode.Local_MaxPollExceeded));
        member.Steps(1);
        Should.Throw<KafkaException>(() =>
        {
            member.Transport.Fail(new Error(ErrorCode.FencedInstanceId, "fenced", isFatal: true));
            member.Steps(1);
        });
    }

    private static void Deliver(Member member, TopicPartition partition, params long[] offsets)
    {
        if (member.Assignments.All(assignment => assignment.Partition != partition))
        {
            member.Transport.Assign(partition);
        }

        foreach (var offset in offsets)
        {
            member.Transport.Deliver(partition, offset);
        }

        member.Steps(offsets.Length + 2);
    }
}
