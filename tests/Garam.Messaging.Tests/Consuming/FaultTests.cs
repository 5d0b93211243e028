using System.Collections.Concurrent;
using Confluent.Kafka;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Failures;
using Garam.Messaging.Producing;
using Garam.Messaging.Tests.Brokers;

namespace Garam.Messaging.Tests.Consuming;

/// <summary>What is thrown where no handler is: by what decides about failures, by exceptions themselves, by callbacks on the token.</summary>
public sealed class FaultTests
{
    private static readonly TopicPartition Zero = Member.Partition(0);

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(-62_135_596_800_001)]
    [InlineData(-1)]
    [InlineData(253_402_300_800_000)]
    [InlineData(long.MaxValue)]
    public async Task A_record_of_any_time_is_handled_and_its_dead_letter_has_that_time_to_the_millisecond(long milliseconds)
    {
        var producer = new FakeProducer();
        RecordContext? seen = null;
        using var member = new Member(endpoint => endpoint.Retry(0, Backoff.Constant(TimeSpan.Zero)).DeadLetter(), producer: producer)
        {
            Handler = context =>
            {
                seen = context;
                return Task.FromException(new InvalidDataException("no"));
            },
        };
        member.Transport.Assign(Zero);
        member.Transport.Deliver(Zero, 0, milliseconds: milliseconds);
        member.Steps(2);
        await member.CommitAsync(head: 1);

        seen!.TimestampMilliseconds.ShouldBe(milliseconds);
        seen.Timestamp.ToUnixTimeMilliseconds().ShouldBe(Math.Clamp(milliseconds, -62_135_596_800_000, 253_402_300_799_999));
        producer.Records.ShouldHaveSingleItem().TimestampMilliseconds.ShouldBe(milliseconds);
    }

    [Fact]
    public async Task A_dead_letter_topic_that_refuses_the_time_of_a_record_gets_it_in_a_header()
    {
        var producer = new FakeProducer
        {
            Refuse = record => record.TimestampMilliseconds is null ? null : new ProduceFailedException(record.Topic, nameof(ErrorCode.InvalidTimestamp), "no", isTransient: false),
        };
        using var member = new Member(endpoint => endpoint.Retry(0, Backoff.Constant(TimeSpan.Zero)).DeadLetter(), producer: producer)
        {
            Handler = _ => Task.FromException(new InvalidDataException("no")),
        };
        member.Transport.Assign(Zero);
        member.Transport.Deliver(Zero, 0, milliseconds: long.MaxValue);
        member.Steps(2);
        await member.CommitAsync(head: 1);
        producer.Records.ShouldHaveSingleItem().Headers.Single(header => header.Name == DeadLetterHeaders.Timestamp).AsText().ShouldBe($"{long.MaxValue}");
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_beside_the_handler_counts_against_the_record_and_its_lane_goes_on(string fault)
    {
        var producer = new FakeProducer();
        using var member = new Member(
            endpoint => endpoint.Retry(1, Backoff.Constant(TimeSpan.FromMilliseconds(1))).DeadLetter(), producer: producer, isTransient: Predicate(fault))
        {
            Handler = context => context.Offset == 0 ? Task.FromException(Exception(fault)) : Task.CompletedTask,
        };
        Deliver(member, 0, 1);
        await member.CommitAsync(head: 2);
        member.Started.ShouldBe([0, 0, 1]);
        producer.Records.ShouldHaveSingleItem();
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Without_dead_letters_such_a_fault_holds_the_partition_and_says_so(string fault)
    {
        using var member = new Member(endpoint => endpoint.Retry(0, Backoff.Constant(TimeSpan.Zero)), isTransient: Predicate(fault))
        {
            Handler = context => context.Offset == 0 ? Task.FromException(Exception(fault)) : Task.CompletedTask,
        };
        Deliver(member, 0, 1);
        await member.Until(() => member.Assignments[0].HeldBecause is not null);
        member.Assignments[0].HeldBecause!.ShouldContain("orders[0] at offset 0");
        member.Started.ShouldBe([0]);
    }

    public static TheoryData<string> Faults => ["the predicate throws", "ITransient throws", "the message throws"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Health_tells_a_handler_that_runs_from_one_whose_failure_is_being_judged(bool fails)
    {
        using var released = new ManualResetEventSlim();
        using var member = new Member(isTransient: _ =>
        {
            released.Wait();
            return false;
        })
        {
            Handler = _ => fails ? Task.FromException(new InvalidDataException("no")) : null,
        };
        Deliver(member, 0);
        await Eventually.Is(1, () => member.Started.Count);
        var expected = fails ? "its handler has failed, and" : "its handler has been running for";
        await member.Until(() => member.Problems().Any(problem => problem.Message.Contains($"orders[0] at offset 0: {expected}", StringComparison.Ordinal)));
        released.Set();
    }

    [Fact]
    public async Task Callbacks_on_the_token_of_a_handler_run_on_another_thread_and_may_block_and_throw()
    {
        using var released = new ManualResetEventSlim();
        var thread = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var member = new Member(endpoint => endpoint.WithConcurrency(2, RecordOrder.None), options => options.DrainTimeout = TimeSpan.Zero);
        member.Handler = context => context.Offset == 0 ? Task.CompletedTask : null;
        Deliver(member, 0, 1);
        await Eventually.Is(2, () => member.Started.Count);
        member.Tokens.Last().Register(() =>
        {
            thread.SetResult(Thread.CurrentThread);
            released.Wait();
            throw new InvalidOperationException("a callback");
        });

        var poll = Task.Run(() =>
        {
            member.Transport.Revoke(Zero);
            member.Steps(1);
            // This thread is not free until the callback has run, or it could be the one that the pool runs it on.
            return thread.Task.Result != Thread.CurrentThread;
        });
        (await poll).ShouldBeTrue("a callback ran on the poll thread");
        member.Transport.Commits.Last().Offset.Value.ShouldBe(1);
        released.Set();
        member.Assignments.ShouldBeEmpty();
        member.Work.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Records_that_are_done_behind_one_that_is_not_do_not_count_as_in_flight()
    {
        using var member = new Member(endpoint => endpoint.WithConcurrency(20, RecordOrder.None), options => options.MaxInFlight = 4)
        {
            Handler = context => context.Offset == 0 ? null : Task.CompletedTask,
        };
        Deliver(member, 0);
        await Eventually.Is(1, () => member.Started.Count);

        // One for each of the other lanes.
        for (var offset = 1; offset < 20; offset++)
        {
            Deliver(member, offset);
            await member.Until(() => member.Assignments[0].Unfinished.Records == 1);
        }

        await member.Until(() => !member.Transport.IsPaused(0));
        member.Assignments[0].Tracker.Count.ShouldBe(20);
    }

    [Fact]
    public void The_bytes_of_all_partitions_are_bounded_together_and_each_has_its_share()
    {
        using var member = new Member(options: options => options.MaxGroupInFlightBytes = 4_000);
        member.Transport.Assign(Zero, Member.Partition(1));
        member.Transport.Deliver(Zero, 0, value: new string('x', 2_500));
        member.Transport.Deliver(Member.Partition(1), 0, value: new string('x', 900));
        member.Steps(4);
        member.Transport.Calls.ShouldBe(["pause 0"]);

        member.Transport.Deliver(Member.Partition(1), 1, value: new string('x', 200));
        member.Steps(2);
        member.Transport.Calls.ShouldBe(["pause 0", "pause 1"]);
    }

    [Fact]
    public async Task What_is_done_behind_a_record_that_is_not_is_bounded_too()
    {
        using var member = new Member(endpoint => endpoint.WithConcurrency(1_024), options => options.MaxInFlight = 1_000)
        {
            Handler = context => context.Offset == 0 ? null : Task.CompletedTask,
        };
        Deliver(member, 0);
        for (var offset = 1L; offset < 102_000; offset++)
        {
            member.Transport.Deliver(Zero, offset, key: $"{offset}");
            member.Steps(1);
        }

        await member.Until(() => member.Assignments[0].Unfinished.Records < 500);
        member.Transport.IsPaused(0).ShouldBeTrue();
    }

    [Fact]
    public async Task Handlers_begin_and_commits_run_on_threads_that_are_not_the_pools()
    {
        var pool = new ConcurrentBag<bool>();
        using var member = new Member();
        member.Transport.OnCommit = () => pool.Add(Thread.CurrentThread.IsThreadPoolThread);
        member.Handler = _ =>
        {
            pool.Add(Thread.CurrentThread.IsThreadPoolThread);
            return Task.CompletedTask;
        };
        Deliver(member, 0, 1, 2);
        await member.CommitAsync(head: 3);
        pool.ShouldAllBe(isPool => !isPool);
    }

    [Fact]
    public async Task As_many_handlers_as_there_are_lanes_may_block_their_threads()
    {
        using var released = new ManualResetEventSlim();
        using var member = new Member(endpoint => endpoint.WithConcurrency(40, RecordOrder.None));
        member.Handler = _ =>
        {
            released.Wait();
            return Task.CompletedTask;
        };
        Deliver(member, [.. Enumerable.Range(0, 40)]);
        await member.Until(() => member.Started.Count + member.Blocked == 40);
        released.Set();
        await member.CommitAsync(head: 40);
    }

    private static Func<Exception, bool> Predicate(string fault) => fault == "the predicate throws"
        ? _ => throw new InvalidOperationException("the predicate")
        : new TransientFaults([]).IsTransient;

    private static Exception Exception(string fault) => fault switch
    {
        "ITransient throws" => new Wild(),
        "the message throws" => new Mute(),
        _ => new InvalidDataException("no"),
    };

    private static void Deliver(Member member, params int[] offsets)
    {
        if (member.Assignments.Count == 0)
        {
            member.Transport.Assign(Zero);
        }

        Array.ForEach(offsets, offset => member.Transport.Deliver(Zero, offset));
        member.Steps(offsets.Length + 2);
    }

    private sealed class Wild : Exception, ITransient
    {
        public bool IsTransient => throw new InvalidOperationException("ITransient");
    }

    private sealed class Mute : Exception
    {
        public override string Message => throw new InvalidOperationException("the message");
    }
}
