using System.Text;
using Garam.Messaging.Failures;
using Garam.Messaging.Producing;
using static Garam.Outbox.Tests.OutboxFixture;

namespace Garam.Outbox.Tests;

/// <summary>Messages that cannot be sent: what they hold up, where they are seen, and what an operator can do.</summary>
public sealed class UndeliverableTests
{
    [Fact]
    public async Task A_refused_message_and_thousands_of_its_key_hold_up_no_other_key()
    {
        await using var fixture = new OutboxFixture();
        fixture.Producer.AnswerAtOnce = record => Text(record) == "too large" ? new RefusedException("too large") : null;
        await fixture.AddAsync(Message("t", "hot", "too large"));
        await fixture.AddAsync([.. Enumerable.Range(0, 2_500).Select(i => Message("t", "hot", $"h{i}"))]);
        await fixture.AddAsync(Message("t", "another", "goes on"));
        await fixture.StartAsync();

        await fixture.LeftIsAsync(2_501);
        fixture.Producer.Sent.ShouldContain("goes on");
        fixture.Producer.Sent.ShouldNotContain("h0", "the order of a key is kept");
        await Eventually.IsTrueAsync(() => fixture.Operations.List("outbox", all: false, 0, 10).Count == 1, "the message is set aside");
        fixture.Health.Problem.ShouldNotBeNull().ShouldContain("1 undeliverable message");
    }

    [Fact]
    public async Task Thousands_of_messages_for_topics_that_do_not_answer_hold_up_no_other_topic()
    {
        await using var fixture = new OutboxFixture();
        fixture.Producer.AnswerAtOnce = null;
        foreach (var topic in (string[])["missing1", "missing2", "missing3"])
            await fixture.AddAsync([.. Enumerable.Range(0, 2_100).Select(i => Message(topic, $"k{i}", $"{topic} {i}"))]);
        await fixture.AddAsync(Message("good", "k", "goes on"));
        await fixture.StartAsync();

        await Eventually.IsTrueAsync(() => fixture.Producer.Sent.Contains("goes on"), "the good topic's message is sent");
        fixture.Producer.Sent.Count.ShouldBeLessThan(400, "only some messages of a topic that has not answered are in memory");
    }

    [Fact]
    public async Task Messages_that_fail_for_a_while_are_all_sent_in_the_order_of_their_keys_when_it_is_over()
    {
        await using var fixture = new OutboxFixture();
        var isDown = true;
        fixture.Producer.AnswerAtOnce = _ => Volatile.Read(ref isDown) ? new TimeoutException("no broker") : null;
        await fixture.StartAsync();
        for (var n = 0; n < 20; n++)
        {
            var round = n;
            await fixture.AddAsync([.. Enumerable.Range(0, 150).Select(key => Message("t", $"k{key}", $"k{key} {round}"))]);
        }

        await Eventually.IsTrueAsync(() => fixture.Producer.Sent.Count > 300, "some have failed");
        Volatile.Write(ref isDown, false);
        var failed = fixture.Producer.Sent.Count;
        await fixture.LeftIsAsync(0);
        foreach (var key in fixture.Producer.Sent.Skip(failed).GroupBy(sent => sent.Split(' ')[0]))
            key.Select(sent => int.Parse(sent.Split(' ')[1])).Distinct().ShouldBe(Enumerable.Range(0, 20), key.Key);
        fixture.Health.Problem.ShouldBeNull();
    }

    [Fact]
    public async Task A_message_that_is_refused_once_for_the_size_of_its_batch_is_sent()
    {
        await using var fixture = new OutboxFixture();
        var refusals = 0;
        fixture.Producer.AnswerAtOnce = _ => Interlocked.Increment(ref refusals) <= 2 ? new RefusedException("the batch is too large") : null;
        await fixture.AddAsync(Message("t", "k", "small"));
        await fixture.StartAsync();

        await fixture.LeftIsAsync(0);
    }

    [Fact]
    public async Task A_retried_message_is_sent_before_the_later_ones_of_its_key()
    {
        await using var fixture = new OutboxFixture();
        var isFixed = false;
        fixture.Producer.AnswerAtOnce = record => !Volatile.Read(ref isFixed) && Text(record) == "first" ? new RefusedException("refused") : null;
        await fixture.AddAsync(Message("t", "k", "first"), Message("t", "k", "second"), Message("t", "k", "third"));
        await fixture.StartAsync();
        await SetAsideAsync(fixture);

        Volatile.Write(ref isFixed, true);
        (await fixture.Operations.RetryAsync("outbox", 1, CancellationToken.None)).ShouldBe(OutboxDecision.Done);
        await fixture.LeftIsAsync(0);
        fixture.Producer.Sent.ShouldBe(["first", "first", "first", "first", "second", "third"]);
        fixture.Health.Problem.ShouldBeNull();
        (await fixture.Operations.RetryAsync("outbox", 1, CancellationToken.None)).ShouldBe(OutboxDecision.NotFound);
    }

    [Fact]
    public async Task A_removed_message_lets_the_later_ones_of_its_key_go_also_after_a_restart()
    {
        await using var fixture = new OutboxFixture();
        fixture.Producer.AnswerAtOnce = record => Text(record) == "first" ? new RefusedException("refused") : null;
        await fixture.AddAsync(Message("t", "k", "first"), Message("t", "k", "second"), Message("t", null, "no key"));
        await fixture.StartAsync();
        await SetAsideAsync(fixture);
        await fixture.StopAsync();
        await fixture.StartAsync();
        await fixture.AddAsync(Message("t", "other", "other"));
        await fixture.LeftIsAsync(2);

        (await fixture.Operations.RemoveAsync("outbox", 1, CancellationToken.None)).ShouldBe(OutboxDecision.Done);
        await fixture.LeftIsAsync(0);
        fixture.Producer.Sent.Order().ShouldBe(["first", "first", "first", "no key", "other", "second"]);
    }

    [Fact]
    public async Task A_dead_lettered_message_is_in_its_dead_letter_topic_with_the_reason_and_the_later_ones_of_its_key_go()
    {
        await using var fixture = new OutboxFixture();
        fixture.Producer.AnswerAtOnce = record => record.Topic == "t" && Text(record) == "first" ? new RefusedException("refused by policy") : null;
        await fixture.AddAsync(Message("t", "k", "first") with { Headers = [RecordHeader.Text("own", "header")] }, Message("t", "k", "second"));
        await fixture.StartAsync();
        await SetAsideAsync(fixture);

        (await fixture.Operations.DeadLetterAsync("outbox", 1, CancellationToken.None)).ShouldBe(OutboxDecision.Done);
        await fixture.LeftIsAsync(0);
        fixture.Topics.Made.ShouldHaveSingleItem().Name.ShouldBe("t.outbox.dlt");
        var letter = fixture.Producer.Records.Single(record => record.Topic == "t.outbox.dlt");
        Text(letter).ShouldBe("first");
        letter.Headers.ShouldContain(header => header.Name == "own" && header.AsText() == "header");
        letter.Headers.ShouldContain(header => header.Name == DeadLetterHeaders.Message && header.AsText() == "refused by policy");
        letter.Headers.ShouldContain(header => header.Name == DeadLetterHeaders.Topic && header.AsText() == "t");
    }

    [Fact]
    public async Task A_message_that_is_being_retried_can_be_removed()
    {
        await using var fixture = new OutboxFixture();
        fixture.Producer.AnswerAtOnce = record => record.Topic == "missing" ? new TimeoutException("no such topic") : null;
        await fixture.AddAsync(Message("missing", "k", "first"));
        await fixture.StartAsync();
        await Eventually.IsTrueAsync(() => fixture.Operations.List("outbox", all: true, 0, 10)[0].State is OutboxEntryState.Retrying, "it is being retried");

        await Eventually.IsTrueAsync(() => fixture.Operations.RemoveAsync("outbox", 1, CancellationToken.None).Result is OutboxDecision.Done, "it is removed");
        await Eventually.IsTrueAsync(() => fixture.Health.Problem is null, "nothing fails any more");
        fixture.Left().ShouldBe(0);
    }

    [Fact]
    public async Task A_receipt_that_the_host_cannot_keep_stops_nothing_and_is_a_problem()
    {
        var kept = new List<long>();
        await using var fixture = new OutboxFixture((connection, receipt) =>
        {
            connection.Execute("INSERT INTO row(v) VALUES ($1)", receipt.Key);
            if (receipt.Key == "bad")
                throw new FormatException("a receipt that the host cannot keep");
            kept.Add(receipt.MessageId);
        });
        fixture.Producer.AnswerAtOnce = _ => null;
        await fixture.AddAsync(Message("t", "bad", "0"));
        await fixture.StartAsync();
        await fixture.LeftIsAsync(0);
        await fixture.AddAsync([.. Enumerable.Range(0, 3_000).Select(i => Message("t", $"k{i}", $"{i}"))]);

        await fixture.LeftIsAsync(0);
        kept.Count.ShouldBe(3_000);
        fixture.Store.Read(c => c.Number("SELECT count(*) FROM row WHERE v = 'bad'")).ShouldBe(0, "what it wrote is undone");
        fixture.Health.Problem.ShouldNotBeNull().ShouldContain("a receipt that the host cannot keep");
    }

    private static Task SetAsideAsync(OutboxFixture fixture) =>
        Eventually.IsTrueAsync(() => fixture.Operations.List("outbox", all: false, 0, 10).Count == 1, "the message is set aside");

    private static string Text(ProducerRecord record) => Encoding.UTF8.GetString(record.Value!.Value.Span);
}
