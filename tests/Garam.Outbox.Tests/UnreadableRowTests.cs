using static Garam.Outbox.Tests.OutboxFixture;

namespace Garam.Outbox.Tests;

/// <summary>Rows that were written by other means than <c>SqliteOutbox.Add</c>, or are damaged.</summary>
public sealed class UnreadableRowTests
{
    private const string Good = "'t', 'k', x'31', NULL, NULL, 1700000000000, 0";

    public static TheoryData<string, string> Unreadable => new()
    {
        { "'t', 'k', x'31', 'not json', NULL, 1700000000000, 0", "headers" },
        { "'t', 'k', x'31', '[{\"a\":1}]', NULL, 1700000000000, 0", "headers" },
        { "'t', 'k', x'31', '{}', NULL, 1700000000000, 0", "headers" },
        { "'t', 'k', x'31', 'null', NULL, 1700000000000, 0", "headers" },
        { "'t', 'k', x'31', '[[]]', NULL, 1700000000000, 0", "headers" },
        { "'t', 'k', x'31', '[[\"a\"]]', NULL, 1700000000000, 0", "headers" },
        { "'t', 'k', x'31', '[[null,\"\"]]', NULL, 1700000000000, 0", "headers" },
        { "'t', 'k', x'31', '[[\"a\",\"not base64!\"]]', NULL, 1700000000000, 0", "headers" },
        { "'t', 'k', x'31', '[[\"\\ud800\",null]]', NULL, 1700000000000, 0", "headers" },
        { "'t', 'k', x'31', x'ff00fe', NULL, 1700000000000, 0", "headers" },
        { "'t', 'k', x'31', NULL, x'ff', 1700000000000, 0", "trace_parent" },
        { "'t', 'k', x'31', NULL, NULL, -621355968000010, 0", "written_at" },
        { "'t', 'k', x'31', NULL, NULL, 9223372036854775807, 0", "written_at" },
        { "'t', 'k', x'31', NULL, NULL, 'yesterday', 0", "written_at" },
        { "'t', 'k', x'31', NULL, NULL, 1.5, 0", "written_at" },
        { "x'ff00fe', 'k', x'31', NULL, NULL, 1700000000000, 0", "topic" },
        { "'', 'k', x'31', NULL, NULL, 1700000000000, 0", "topic" },
        { "'no topic', 'k', x'31', NULL, NULL, 1700000000000, 0", "topic" },
        { "'t', x'ff00fe', x'31', NULL, NULL, 1700000000000, 0", "key" },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task A_row_that_cannot_be_read_is_set_aside_alone_and_can_be_removed(string row, string column)
    {
        await using var fixture = new OutboxFixture();
        fixture.Producer.AnswerAtOnce = _ => null;
        await fixture.AddAsync(Message("t", "before", "before"));
        await InsertAsync(fixture, row);
        await fixture.AddAsync(Message("t", "after", "after"));

        fixture.Outbox.List(all: true, 0, 10).Count.ShouldBe(3, "a list shows it before the relay has seen it, too");
        await fixture.StartAsync();
        await fixture.LeftIsAsync(1);
        await SetAsideAsync(fixture);

        fixture.Producer.Sent.Order().ShouldBe(["after", "before"]);
        var entry = fixture.Operations.List("outbox", all: true, 0, 10).ShouldHaveSingleItem();
        entry.Id.ShouldBe(2);
        entry.State.ShouldBe(OutboxEntryState.Undeliverable);
        entry.Reason.ShouldNotBeNull().ShouldContain(column);
        fixture.Operations.Outboxes()[0].Undeliverable.ShouldBe(1);
        fixture.Health.Problem.ShouldNotBeNull().ShouldContain("1 undeliverable message");

        (await fixture.Operations.DeadLetterAsync("outbox", 2, CancellationToken.None)).ShouldBe(OutboxDecision.Unreadable);
        (await fixture.Operations.RetryAsync("outbox", 2, CancellationToken.None)).ShouldBe(OutboxDecision.Done);
        await SetAsideAsync(fixture);
        (await fixture.Operations.RemoveAsync("outbox", 2, CancellationToken.None)).ShouldBe(OutboxDecision.Done);
        fixture.Left().ShouldBe(0);
        await Eventually.IsTrueAsync(() => fixture.Health.Problem is null, "nothing is wrong any more");
    }

    [Theory]
    [InlineData("9223372036854775807")]
    [InlineData("-1")]
    [InlineData("'many'")]
    public async Task A_count_of_attempts_that_cannot_be_read_is_corrected_when_its_row_is_set_aside(string attempts)
    {
        await using var fixture = new OutboxFixture();
        fixture.Producer.AnswerAtOnce = _ => null;
        await InsertAsync(fixture, $"'t', 'k', x'31', NULL, NULL, 1700000000000, {attempts}");
        await fixture.AddAsync(Message("t", "other", "other"));
        await fixture.StartAsync();
        await SetAsideAsync(fixture);

        fixture.Operations.List("outbox", all: false, 0, 10)[0].Reason.ShouldNotBeNull().ShouldContain("attempts");
        (await fixture.Operations.RetryAsync("outbox", 1, CancellationToken.None)).ShouldBe(OutboxDecision.Done);
        await fixture.LeftIsAsync(0);
        fixture.Producer.Sent.Order().ShouldBe(["1", "other"]);
    }

    [Fact]
    public async Task Later_rows_of_the_key_of_an_unreadable_row_wait_for_a_decision_also_after_a_restart()
    {
        await using var fixture = new OutboxFixture();
        fixture.Producer.AnswerAtOnce = _ => null;
        await InsertAsync(fixture, Good);
        await InsertAsync(fixture, "'t', 'k', x'32', 'not json', NULL, 1700000000000, 0");
        await InsertAsync(fixture, "'t', 'k', x'33', NULL, NULL, 1700000000000, 0");
        await fixture.StartAsync();
        await fixture.LeftIsAsync(2);
        await SetAsideAsync(fixture);
        await fixture.StopAsync();
        await fixture.StartAsync();
        await fixture.AddAsync(Message("t", "other", "other"));
        await fixture.LeftIsAsync(2);
        fixture.Producer.Sent.ShouldBe(["1", "other"]);

        (await fixture.Operations.RemoveAsync("outbox", 2, CancellationToken.None)).ShouldBe(OutboxDecision.Done);
        await fixture.LeftIsAsync(0);
        fixture.Producer.Sent.ShouldBe(["1", "other", "3"]);
    }

    [Fact]
    public async Task A_row_that_was_set_aside_at_a_time_that_cannot_be_read_is_listed_and_stops_nothing()
    {
        await using var fixture = new OutboxFixture();
        fixture.Producer.AnswerAtOnce = _ => null;
        await InsertAsync(fixture, Good);
        await fixture.Store.WriteAsync(
            connection => connection.Execute("UPDATE outbox SET undeliverable_at = 9223372036854775807, reason = x'ff', written_at = 9223372036854775807"),
            CancellationToken.None);
        await fixture.AddAsync(Message("t", "other", "other"));
        await fixture.StartAsync();
        await fixture.LeftIsAsync(1);

        var entry = fixture.Operations.List("outbox", all: false, 0, 10).ShouldHaveSingleItem();
        entry.State.ShouldBe(OutboxEntryState.Undeliverable);
        (entry.WrittenAt, entry.UndeliverableSince).ShouldBe((null, null));
        fixture.Operations.Outboxes()[0].Oldest.ShouldBeNull();
    }

    private static Task InsertAsync(OutboxFixture fixture, string row) => fixture.Store.WriteAsync(
        connection => connection.Execute($"INSERT INTO outbox(topic, key, value, headers, trace_parent, written_at, attempts) VALUES ({row})"),
        CancellationToken.None);

    private static Task SetAsideAsync(OutboxFixture fixture) =>
        Eventually.IsTrueAsync(() => fixture.Operations.List("outbox", all: false, 0, 10).Count == 1, "the row is set aside");
}
