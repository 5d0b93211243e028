using Garam.Faults.Histories;
using static Garam.Faults.Tests.Handmade;

namespace Garam.Faults.Tests;

/// <summary>A checker that finds nothing is worse than none: each anomaly is shown to it, beside what looks like it and is none.</summary>
public sealed class CheckerTests
{
    [Fact]
    public void A_history_in_order_has_no_anomaly() => Check(
        Topic(Operation.Create, Outcome.Ok, "id").Once(),
        Sent("a", 0), Sent("b", 1), Unsent("lost in the wire", Outcome.Fail), Unsent("who knows", Outcome.Info),
        Assigned("reader"), Polled("reader", (0, "a"), (1, "b"), (2, "who knows")),
        Assigned("member", null), Polled("member", (0, "a"), (1, "b")), [Commit(Outcome.Invoke, 2), Commit(Outcome.Ok, 2)],
        [Committed(Outcome.Invoke, 0), Committed(Outcome.Ok, 2)], [Lookup(5, 1), Lookup(5, 1)],
        Topic(Operation.Describe, Outcome.Ok, "id").Once(), Topic(Operation.Describe, Outcome.Ok, "id").Once(),
        Audited(All, new LogEnds(0, 3, 3, 3), (0, "a", null), (1, "b", null), (2, "who knows", null))).ShouldBeEmpty();

    [Fact]
    public void An_acknowledged_record_below_what_was_read_is_a_lost_write() =>
        Check(Sent("a", 0), Sent("b", 1), Polled("reader", (1, "b"))).ShouldBe(["lost-write"]);

    [Fact]
    public void An_acknowledged_record_above_what_was_read_is_unseen() =>
        Check(Sent("a", 0), Sent("b", 1), Polled("reader", (0, "a"))).ShouldBe(["unseen"]);

    [Fact]
    public void A_record_that_was_read_once_must_be_there_for_the_auditor() =>
        Check(Sent("a", 0), Sent("b", 1), Polled("reader", (0, "a"), (1, "b")), Audited(All, new LogEnds(0, 2, 2, 2), (0, "a", null))).ShouldBe(["lost-write", "gap"]);

    [Fact]
    public void What_retention_has_taken_is_not_lost_and_the_rest_is_demanded()
    {
        var sent = Sent("a", 0, Tail).Concat(Sent("b", 1, Tail)).Concat(Sent("c", 2, Tail)).ToList();
        Check(sent, PolledFrom(Tail, "reader", (1, "b")), Audited(Tail, new LogEnds(1, 3, 3, 3), (1, "b", null), (2, "c", null))).ShouldBeEmpty();
        Check(sent, PolledFrom(Tail, "reader", (2, "c")), Audited(Tail, new LogEnds(1, 3, 3, 3), (2, "c", null))).ShouldBe(["lost-write", "gap"], ignoreOrder: true);
    }

    [Fact]
    public void A_compacted_topic_keeps_the_latest_record_of_each_key()
    {
        var sent = Sent("a1", 0, Latest, "a").Concat(Sent("b1", 1, Latest, "b")).Concat(Sent("a2", 2, Latest, "a")).ToList();
        Check(sent, Audited(Latest, new LogEnds(0, 3, 3, 3), (1, "b1", "b"), (2, "a2", "a"))).ShouldBeEmpty();
        Check(sent, Audited(Latest, new LogEnds(0, 3, 3, 3), (0, "a1", "a"), (1, "b1", "b"))).ShouldBe(["lost-write"]);
        Check(sent, Audited(Latest, new LogEnds(0, 3, 3, 3), (2, "a2", "a"))).ShouldBe(["lost-write"]);
    }

    [Fact]
    public void Reading_what_had_failed_is_an_aborted_read() =>
        Check(Unsent("a", Outcome.Fail), Polled("reader", (0, "a"))).ShouldBe(["G1a"]);

    [Fact]
    public void Reading_what_nobody_sent_is_a_phantom() =>
        Check(Polled("reader", (0, "a"))).ShouldBe(["phantom"]);

    [Fact]
    public void Two_values_at_one_offset_are_inconsistent_offsets() =>
        Check(Sent("a", 0), Sent("b", 0), Polled("reader", (0, "a")), Polled("other", (0, "b"))).ShouldContain("inconsistent-offsets");

    [Fact]
    public void A_value_at_two_offsets_is_a_duplicate_unless_producers_repeat_themselves()
    {
        var history = Sent("a", 0).Concat(Polled("reader", (0, "a"), (1, "a"))).ToList();
        Check(history).ShouldBe(["duplicate"]);
        CheckWith(Settings with { Idempotent = false }, history).ShouldBeEmpty();
    }

    [Fact]
    public void Sends_of_one_client_lie_in_their_order()
    {
        var history = Sent("a", 1).Concat(Sent("b", 0)).Concat(Polled("reader", (0, "b"), (1, "a"))).ToList();
        Check(history).ShouldBe(["nonmonotonic-send"]);
        CheckWith(Settings with { Idempotent = false }, history).ShouldBeEmpty();
    }

    [Fact]
    public void A_reader_that_passes_a_record_by_skips()
    {
        var sent = Sent("a", 0).Concat(Sent("b", 1)).Concat(Sent("c", 2)).Concat(Polled("other", (0, "a"), (1, "b"), (2, "c"))).ToList();
        Check(sent, Assigned("reader"), Polled("reader", (0, "a"), (2, "c"))).ShouldBe(["poll-skip"]);
        Check(sent, Assigned("reader"), Polled("reader", (1, "b"))).ShouldBe(["poll-skip"]);
        Check(sent, Assigned("reader", null), Polled("reader", (0, "a")), Assigned("reader", null), Polled("reader", (2, "c"))).ShouldBeEmpty();
    }

    [Fact]
    public void A_reader_that_goes_back_without_a_rebalance_is_nonmonotonic()
    {
        var sent = Sent("a", 0).Concat(Sent("b", 1)).ToList();
        Check(sent, Assigned("reader"), Polled("reader", (0, "a"), (1, "b"), (0, "a"))).ShouldBe(["nonmonotonic-poll"]);
        Check(sent, Assigned("reader", null), Polled("reader", (0, "a"), (1, "b")), Assigned("reader", null), Polled("reader", (0, "a"))).ShouldBeEmpty();
    }

    [Fact]
    public void An_offset_without_a_record_is_a_gap() =>
        Check(Sent("b", 1), Audited(All, new LogEnds(0, 2, 2, 2), (1, "b", null))).ShouldBe(["gap"]);

    [Theory]
    [InlineData(0, 3, 2, 4)]
    [InlineData(0, 1, 3, 2)]
    [InlineData(2, 1, 3, 3)]
    public void The_ends_of_a_log_have_an_order(long start, long stable, long high, long end) =>
        Check(Ended(new LogEnds(start, stable, high, end))).ShouldBe(["ends"]);

    [Theory]
    [InlineData(0, 2, 2)]
    [InlineData(1, 1, 2)]
    [InlineData(1, 1, 1)]
    public void The_ends_of_a_log_never_move_back(long start, long high, long end) =>
        Check(Ended(new LogEnds(1, 2, 2, 2)), Ended(new LogEnds(start, Math.Max(start, high), high, end))).ShouldBe(["ends"]);

    [Fact]
    public void What_was_acknowledged_is_below_the_high_watermark_of_whoever_asks_next()
    {
        var history = Sent("a", 0).Concat(Ended(new LogEnds(0, 0, 0, 1))).Concat(Polled("reader", (0, "a"))).ToList();
        Check(history).ShouldBe(["stale-watermark"]);
        CheckWith(Settings with { AcknowledgedIsVisible = false }, history).ShouldBeEmpty();
    }

    [Fact]
    public void Records_whose_deletion_was_acknowledged_do_not_come_back()
    {
        HistoryEvent trim = new() { Client = "trimmer", Operation = Operation.Trim, Outcome = Outcome.Ok, Topic = Tail, Partition = 0, Offset = 2 };
        Check(trim.Once(), Ended(new LogEnds(1, 3, 3, 3), Tail)).ShouldBe(["undeleted"]);
        Check(trim.Once(), Ended(new LogEnds(2, 3, 3, 3), Tail)).ShouldBeEmpty();
        Check(Ended(new LogEnds(2, 3, 3, 3), Tail), Ended(new LogEnds(1, 3, 3, 3), Tail)).ShouldBeEmpty("nobody had been told");
    }

    [Fact]
    public void A_batch_keeps_its_bytes() =>
        Check(Served(new ServedBatch(0, 3, "x")), Served(new ServedBatch(0, 3, "y"))).ShouldBe(["changed-batch"]);

    [Fact]
    public void Epochs_grow_along_the_log_and_stay_what_they_were()
    {
        var sent = Sent("a", 0).Concat(Sent("b", 1)).ToList();
        Check(sent, InEpochs((0, "a", 3), (1, "b", 2))).ShouldBe(["epoch-backwards"]);
        Check(sent, InEpochs((0, "a", 1), (1, "b", 2)), InEpochs((0, "a", 2), (1, "b", 2)).Select(line => line with { Client = "other" })).ShouldBe(["epoch-backwards"]);
    }

    [Fact]
    public void A_committed_offset_does_not_go_back()
    {
        var read = Sent("a", 0).Concat(Sent("b", 1)).Concat(Polled("member", (0, "a"), (1, "b"))).ToList();
        Check(read, [Commit(Outcome.Invoke, 2), Commit(Outcome.Ok, 2), Committed(Outcome.Invoke, 0), Committed(Outcome.Ok, 1)]).ShouldBe(["commit-lost"]);
        Check(read, [Commit(Outcome.Invoke, 1), Committed(Outcome.Ok, 2), Committed(Outcome.Invoke, 0), Committed(Outcome.Ok, 1)]).ShouldBe(["commit-lost"]);
        Check(read, [Committed(Outcome.Invoke, 0), Commit(Outcome.Invoke, 2), Commit(Outcome.Ok, 2), Committed(Outcome.Ok, 1)]).ShouldBeEmpty("the question was asked before");
    }

    [Fact]
    public void A_committed_offset_that_is_gone_is_lost() =>
        Check(Sent("a", 0), Polled("member", (0, "a")), [Commit(Outcome.Invoke, 1), Commit(Outcome.Ok, 1), Committed(Outcome.Invoke, 0), Committed(Outcome.Ok, -1)]).ShouldBe(["commit-lost"]);

    [Fact]
    public void A_group_commits_only_what_it_was_given()
    {
        Check(Sent("a", 0), Polled("member", (0, "a")), [Commit(Outcome.Invoke, 2), Commit(Outcome.Ok, 2)]).ShouldBe(["commit-skip"]);
        Check(Sent("a", 0), Sent("b", 1), Polled("reader", (0, "a")), Polled("member", (1, "b")), [Commit(Outcome.Invoke, 2), Commit(Outcome.Ok, 2)]).ShouldBe(["commit-skip"]);
    }

    [Fact]
    public void A_time_is_at_one_offset() =>
        Check([Lookup(5, 1), Lookup(5, 2)]).ShouldBe(["inconsistent-lookup"]);

    [Fact]
    public void A_time_is_where_the_auditor_finds_it()
    {
        IEnumerable<HistoryEvent> audited = [new() { Client = "audit", Operation = Operation.Poll, Outcome = Outcome.Ok, Topic = All, Records = [new(0, 0, "a") { Timestamp = 10 }, new(0, 1, "b") { Timestamp = 20 }] }];
        Check(Sent("a", 0), Sent("b", 1), [Lookup(11, 1), Lookup(10, 0)], audited).ShouldBeEmpty();
        Check(Sent("a", 0), Sent("b", 1), Lookup(11, 0).Once(), audited).ShouldBe(["wrong-lookup"]);
    }

    [Fact]
    public void A_topic_is_there_until_its_deletion_is_asked_for()
    {
        Check([Topic(Operation.Create, Outcome.Ok), Topic(Operation.Describe, Outcome.Ok)]).ShouldBe(["topic-forgotten"]);
        Check([Topic(Operation.Create, Outcome.Ok), Topic(Operation.Delete, Outcome.Invoke), Topic(Operation.Describe, Outcome.Ok)]).ShouldBeEmpty();
        Check([Topic(Operation.Create, Outcome.Info), Topic(Operation.Describe, Outcome.Ok)]).ShouldBeEmpty();
    }

    [Fact]
    public void A_topic_keeps_its_id_and_its_settings()
    {
        Check([Topic(Operation.Describe, Outcome.Ok, "id"), Topic(Operation.Describe, Outcome.Ok, "other")]).ShouldBe(["topic-changed"]);
        Check([Topic(Operation.Describe, Outcome.Ok, "id"), Topic(Operation.Describe, Outcome.Ok, "id", retention: "2")]).ShouldBe(["topic-changed"]);
    }

    [Fact]
    public void A_topic_that_was_deleted_stays_away() =>
        Check([Topic(Operation.Delete, Outcome.Ok), Topic(Operation.Describe, Outcome.Ok, "id")]).ShouldBe(["topic-undead"]);

    [Fact]
    public void Who_waits_in_vain_is_stuck() =>
        Check([new HistoryEvent { Client = "member", Operation = Operation.Await, Outcome = Outcome.Fail, Note = "to the end of the log" }]).ShouldBe(["stuck"]);

    private static IEnumerable<HistoryEvent> Served(ServedBatch batch) =>
        [new() { Client = "observer", Operation = Operation.Batches, Outcome = Outcome.Ok, Topic = All, Partition = 0, Batches = [batch] }];

    private static IEnumerable<HistoryEvent> InEpochs(params (long Offset, string Value, int Epoch)[] records) =>
        [new() { Client = "reader", Operation = Operation.Poll, Outcome = Outcome.Ok, Topic = All, Records = [.. records.Select(record => new ReadRecord(0, record.Offset, record.Value) { Epoch = record.Epoch })] }];
}

internal static class OneLine
{
    public static IEnumerable<HistoryEvent> Once(this HistoryEvent line) => [line];
}
