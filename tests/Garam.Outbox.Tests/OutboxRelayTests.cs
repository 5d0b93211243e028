using System.Text;
using Garam.Outbox.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Outbox.Tests;

public sealed class OutboxRelayTests : IAsyncLifetime
{
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(5);

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualClock _time = new();
    private readonly ScriptedProducer _producer = new();
    private readonly OutboxHealth _health = new();
    private SqliteStore _store = null!;
    private SqliteOutbox _outbox = null!;
    private OutboxRelay? _relay;

    public ValueTask InitializeAsync()
    {
        OpenStore();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await StopRelayAsync();
        await _store.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_committed_message_is_sent_at_once_and_removed_when_it_is_acknowledged()
    {
        await StartRelayAsync();
        await WriteAsync("post", "가");

        await SentAsync("가");
        Waiting().ShouldBe(1);
        _producer.Answer("가");
        await EmptyAsync();
    }

    [Fact]
    public async Task A_command_that_fails_sends_nothing()
    {
        await StartRelayAsync();
        await Should.ThrowAsync<InvalidOperationException>(_store.WriteAsync(
            c => { _outbox.Add(c, Message("post", "phantom")); throw new InvalidOperationException(); }, CancellationToken.None));
        await WriteAsync("post", "real");

        await SentAsync("real");
        _producer.Sent.ShouldBe(["real"]);
    }

    [Fact]
    public async Task Messages_of_one_key_leave_one_after_the_other_and_other_keys_do_not_wait()
    {
        await WriteAsync(("a", "a1"), ("a", "a2"), ("b", "b1"), ("a", "a3"));
        await StartRelayAsync();

        await SentAsync("a1", "b1");
        _producer.Answer("a1");
        await SentAsync("a1", "b1", "a2");
        _producer.Answer("a2");
        await SentAsync("a1", "b1", "a2", "a3");
    }

    [Fact]
    public async Task A_message_that_fails_is_tried_again_before_the_next_one_of_its_key()
    {
        await WriteAsync(("a", "a1"), ("a", "a2"));
        await StartRelayAsync();
        await SentAsync("a1");
        _producer.Answer("a1", new TimeoutException("no broker"));
        await Eventually.IsTrueAsync(() => _time.PendingTimers == 1, "the relay waits before it tries again");
        _health.Problem.ShouldNotBeNull().ShouldContain("no broker");

        _time.Advance(LongestRetryDelay);
        await SentAsync("a1", "a1");
        _producer.Answer("a1");
        await SentAsync("a1", "a1", "a2");
        _health.Problem.ShouldBeNull();
    }

    [Fact]
    public async Task An_outage_is_sat_out_for_as_long_as_it_lasts()
    {
        var isDown = true;
        _producer.AnswerAtOnce = _ => isDown ? new TimeoutException("no broker") : null;
        await WriteAsync([.. Enumerable.Range(0, 20).Select(i => ($"key{i}", $"value{i}"))]);
        await StartRelayAsync();

        for (var attempt = 1; attempt <= 30; attempt++)
        {
            await Eventually.IsTrueAsync(() => _producer.Sent.Count == 20 * attempt && _time.PendingTimers == 20, $"attempt {attempt}");
            isDown = attempt < 30;
            _time.Advance(LongestRetryDelay);
        }

        await EmptyAsync();
        _health.Problem.ShouldBeNull();
    }

    [Fact]
    public async Task A_stuck_message_does_not_keep_others_from_leaving()
    {
        _producer.AnswerAtOnce = record => Encoding.UTF8.GetString(record.Value!.Value.Span) == "stuck" ? new InvalidDataException("too large") : null;
        await WriteAsync("a", "stuck");
        await WriteAsync([.. Enumerable.Range(0, 1_500).Select(i => ($"key{i}", $"value{i}"))]);
        await StartRelayAsync();

        await Eventually.IsTrueAsync(() => Waiting() == 1, "all but the stuck one have left");
    }

    [Fact]
    public async Task What_was_not_acknowledged_is_sent_again_after_a_restart_in_order()
    {
        await WriteAsync(("a", "a1"), ("b", "b1"), ("a", "a2"));
        await StartRelayAsync();
        await SentAsync("a1", "b1");
        _producer.Answer("b1");
        await Eventually.IsTrueAsync(() => Waiting() == 2, "b1 is removed");

        var stopping = StopRelayAsync();
        _producer.Answer("a1", new TimeoutException("the process ends"));
        await stopping;
        await _store.DisposeAsync();
        OpenStore();
        _producer.AnswerAtOnce = _ => null;
        await StartRelayAsync();

        await EmptyAsync();
        _producer.Sent.ShouldBe(["a1", "b1", "a1", "a2"]);
    }

    [Fact]
    public async Task Ids_are_not_reused_when_the_outbox_was_empty_at_a_restart()
    {
        _producer.AnswerAtOnce = _ => null;
        await StartRelayAsync();
        await WriteAsync("a", "first");
        await EmptyAsync();
        await StopRelayAsync();
        await _store.DisposeAsync();

        OpenStore();
        await WriteAsync("a", "second");
        _outbox.ReadAfter(1, 10).Rows.ShouldHaveSingleItem().Id.ShouldBe(2);
    }

    [Fact]
    public async Task Whoever_has_read_a_message_never_finds_a_new_one_below_it_however_many_write_at_once()
    {
        var seen = new List<long>();
        var writing = Parallel.ForEachAsync(Enumerable.Range(0, 3_000), async (i, _) => await WriteAsync($"key{i}", $"value{i}"));
        while (!writing.IsCompleted || _outbox.ReadAfter(seen.LastOrDefault(), 1).Rows.Count > 0)
            seen.AddRange(_outbox.ReadAfter(seen.LastOrDefault(), 100).Rows.Select(row => row.Id));
        await writing;
        seen.ShouldBe(_outbox.ReadAfter(0, 10_000).Rows.Select(row => row.Id), "reading on by id alone has missed nothing");
        seen.Count.ShouldBe(3_000);

        _producer.AnswerAtOnce = _ => null;
        await StartRelayAsync();
        await EmptyAsync();
        _producer.Sent.Distinct().Count().ShouldBe(3_000);
        _producer.Sent.Count.ShouldBe(3_000);
    }

    [Fact]
    public async Task The_trace_of_the_work_goes_with_the_message()
    {
        using var activity = new System.Diagnostics.Activity("create").SetIdFormat(System.Diagnostics.ActivityIdFormat.W3C).Start();
        await WriteAsync("a", "traced");
        _outbox.ReadAfter(0, 1).Rows.ShouldHaveSingleItem().TraceParent.ShouldBe(activity.Id);
    }

    [Fact]
    public async Task A_message_of_no_trace_begins_one_of_its_own()
    {
        System.Diagnostics.Activity.Current = null;
        await WriteAsync(("a", "one"), ("b", "two"));
        var traces = _outbox.ReadAfter(0, 2).Rows.Select(row => System.Diagnostics.ActivityContext.Parse(row.TraceParent!, null).TraceId);
        traces.Distinct().Count().ShouldBe(2);
    }

    private void OpenStore()
    {
        _store = SqliteStore.Open(_directory.File("outbox.db"), [SqliteOutbox.Migration]);
        _outbox = new SqliteOutbox(_store, _time);
    }

    private async Task StartRelayAsync()
    {
        _relay = new OutboxRelay(_outbox, _producer, _health, _time, NullLogger<OutboxRelay>.Instance);
        await _relay.StartAsync(CancellationToken.None);
    }

    private async Task StopRelayAsync()
    {
        if (_relay is not { } relay)
            return;
        _relay = null;
        _producer.AnswerAtOnce ??= _ => null;
        await relay.StopAsync(CancellationToken.None);
        relay.Dispose();
    }

    private static OutboxMessage Message(string key, string text) => new("topic", key, Encoding.UTF8.GetBytes(text));

    private Task WriteAsync(string key, string text) => WriteAsync((key, text));

    private Task WriteAsync(params (string Key, string Text)[] messages)
    {
        var rows = messages.Select(message => Message(message.Key, message.Text)).ToList();
        return _store.WriteAsync(c => rows.ForEach(row => _outbox.Add(c, row)), CancellationToken.None);
    }

    private long Waiting() => _store.Read(c => c.Number("SELECT COUNT(*) FROM outbox"));

    private Task EmptyAsync() => Eventually.IsTrueAsync(() => Waiting() == 0, "the outbox is empty");

    private async Task SentAsync(params string[] expected)
    {
        await Eventually.IsTrueAsync(() => _producer.Sent.Count >= expected.Length, $"sent: {string.Join(", ", expected)}");
        _producer.Sent.ShouldBe(expected);
    }
}
