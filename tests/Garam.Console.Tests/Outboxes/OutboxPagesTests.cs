using System.Net;
using Garam.Console.Outboxes;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Console.Tests.Outboxes;

/// <summary>The pages and the API of outboxes, which the test plays.</summary>
public sealed class OutboxPagesTests : IAsyncLifetime
{
    private readonly Shop _shop = new();
    private ConsoleServer _console = null!;

    public async ValueTask InitializeAsync() => _console = await ConsoleServer.StartAsync(services: services => services.AddSingleton<IOutboxes>(_shop));

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task The_page_shows_what_cannot_be_sent_and_why_in_the_readers_language()
    {
        var english = await _console.PageAsync("/console/outbox");
        english.ShouldContain("1 undeliverable");
        english.ShouldContain("href=\"/console/outbox/shop/7\"");
        english.ShouldContain("too large &lt;b&gt;");
        english.ShouldContain("garam outbox list --server http://elsewhere");
        english.ShouldNotContain("href=\"/console/outbox/shop/8\"");
        (await _console.PageAsync("/console/outbox?all=true")).ShouldContain("href=\"/console/outbox/shop/8\"");
        (await _console.PageAsync("/console/outbox", "ko")).ShouldContain("전송 불가 1건");
        (await _console.PageAsync("/console")).ShouldContain("<a href=\"/console/outbox\" data-key=\"x\">");
        english.ShouldContain("<a href=\"/console/outbox\" aria-current=\"page\"");
    }

    [Fact]
    public async Task A_message_offers_what_can_be_done_in_its_state_with_the_command_that_does_the_same()
    {
        var page = await _console.PageAsync("/console/outbox/shop/7");
        foreach (var verb in (string[])["retry", "dead-letter", "remove"])
        {
            page.ShouldContain($"action=\"/console/outbox/shop/7/{verb}\"");
            page.ShouldContain($"garam outbox {verb} 7 --outbox shop --server http://elsewhere");
        }

        page.ShouldContain("orders.outbox.dlt");
        (await _console.PageAsync("/console/outbox/shop/8")).ShouldNotContain("<form method=\"post\" action=\"/console/outbox");
        using var missing = await _console.Http.GetAsync("/console/outbox/shop/9");
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("retry", OutboxAction.Retry)]
    [InlineData("remove", OutboxAction.Remove)]
    [InlineData("dead-letter", OutboxAction.DeadLetter)]
    public async Task A_decision_reaches_the_outbox_from_the_page_and_from_the_API(string verb, OutboxAction action)
    {
        using var page = await _console.Http.PostAsync($"/console/outbox/shop/7/{verb}", new FormUrlEncodedContent([]));
        page.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        using var api = await _console.Http.PostAsync($"/api/outboxes/shop/messages/7/{verb}", content: null);
        api.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        _shop.Decisions.ShouldBe([(7, action), (7, action)]);
    }

    [Theory]
    [InlineData("/api/outboxes/shop/messages/9/retry", HttpStatusCode.NotFound)]
    [InlineData("/api/outboxes/shop/messages/8/remove", HttpStatusCode.Conflict)]
    [InlineData("/api/outboxes/none/messages/7/retry", HttpStatusCode.NotFound)]
    [InlineData("/api/outboxes/shop/messages/7/burn", HttpStatusCode.NotFound)]
    public async Task What_cannot_be_done_says_why(string route, HttpStatusCode status)
    {
        using var answer = await _console.Http.PostAsync(route, content: null);
        answer.StatusCode.ShouldBe(status);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("detail");
    }

    [Fact]
    public async Task A_console_without_outboxes_says_so()
    {
        await using var console = await ConsoleServer.StartAsync();
        (await console.PageAsync("/console/outbox")).ShouldContain("No outbox in this process");
        (await console.PageAsync("/console")).ShouldNotContain("href=\"/console/outbox\"");
        (await console.Http.GetStringAsync("/api/outboxes")).ShouldBe("[]");
    }

    private sealed class Shop : IOutboxes
    {
        private static readonly DateTimeOffset Written = new(2026, 5, 5, 1, 2, 3, TimeSpan.Zero);

        private readonly OutboxMessageView[] _messages =
        [
            new(7, "orders", "k", 12, Written, OutboxMessageState.Undeliverable, 3, "too large <b>", "orders.outbox.dlt"),
            new(8, "orders", null, null, Written, OutboxMessageState.Sending, 0, null, "orders.outbox.dlt"),
        ];

        public List<(long Id, OutboxAction Action)> Decisions { get; } = [];

        public Uri? Server => new("http://elsewhere");

        public IReadOnlyList<OutboxView> All() => [new("shop", 2, 1, Written, ["1 undeliverable message of shop"])];

        public IReadOnlyList<OutboxMessageView>? Read(string outbox, bool all, long after, int limit) => outbox != "shop"
            ? null
            : [.. _messages.Where(message => message.Id > after && (all || message.State is OutboxMessageState.Undeliverable)).Take(limit)];

        public Task<OutboxOutcome> DecideAsync(string outbox, long id, OutboxAction action, CancellationToken ct)
        {
            if (id == 7)
                Decisions.Add((id, action));
            return Task.FromResult(id switch { 7 => OutboxOutcome.Done, 8 => OutboxOutcome.BeingSent, _ => OutboxOutcome.NotFound });
        }
    }
}
