using System.Net;
using Garam.Operations.Commands;
using Garam.Console.Languages;
using Garam.Console.Lives;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Console.Tests.Lives;

/// <summary>The pages of lives, told by a service that the test plays.</summary>
public sealed class LifePagesTests : IAsyncLifetime
{
    private readonly Letters _letters = new();
    private ConsoleServer _console = null!;

    public async ValueTask InitializeAsync() => _console = await ConsoleServer.StartAsync(services: services => services.AddSingleton<ILives>(_letters));

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task The_list_shows_each_with_its_steps_in_the_readers_language()
    {
        var english = await _console.PageAsync("/console/lives/letters");
        english.ShouldContain("A letter&#x27;s life");
        english.ShouldContain("href=\"/console/lives/letters/7\"");
        english.ShouldContain("Sent: done");
        english.ShouldContain("Read: failed");
        english.ShouldNotContain("same-by-command", customMessage: "no command lists lives");
        (await _console.PageAsync("/console/lives/letters", "ko")).ShouldContain("읽음: 실패");
    }

    [Fact]
    public async Task What_was_looked_for_reaches_the_service_and_stays_in_the_field()
    {
        (await _console.PageAsync("/console/lives/letters?q=%22%3E%3Cb%3E")).ShouldContain("value=\"&quot;&gt;&lt;b&gt;\"");
        _letters.Query.ShouldBe("\"><b>");
        (await _console.PageAsync("/console/lives/letters?q=nobody")).ShouldContain("Nothing was found");
        using var tooLong = await _console.Http.GetAsync($"/console/lives/letters?q={new string('x', 201)}");
        tooLong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task One_life_shows_each_step_with_its_time_its_record_and_its_group()
    {
        var page = await _console.PageAsync("/console/lives/letters/7");
        page.ShouldContain("2026-05-05 01:02:03.004");
        page.ShouldContain("12 ms<");
        page.ShouldContain("href=\"/console/topics/a.b/3/41\"");
        page.ShouldContain("href=\"/console/group?name=a%2Fb%3F%3C\"");
        page.ShouldContain("href=\"/console/dead-letters/a.b.dlt\"");
        page.ShouldContain("garam content life 7");
        page.IndexOf("Second", StringComparison.Ordinal).ShouldBeLessThan(page.IndexOf("First", StringComparison.Ordinal), "the newest is on top");
    }

    [Fact]
    public async Task What_people_wrote_is_text_whatever_it_looks_like()
    {
        var page = await _console.PageAsync("/console/lives/letters/7");
        page.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;");
        page.ShouldNotContain("<script>alert");
        page.ShouldNotContain("style=\"", customMessage: "the policy of the console forbids styles in the markup");
    }

    [Theory]
    [InlineData("/console/lives/letters/8")]
    [InlineData("/console/lives/letters/%3Cb%3E")]
    [InlineData("/console/lives/parcels")]
    [InlineData("/console/lives/posts/1")]
    public async Task What_is_not_there_is_a_page_that_says_so(string path)
    {
        using var answer = await _console.Http.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Not there");
    }

    [Fact]
    public async Task Without_the_content_platform_its_page_says_what_would_be_there() =>
        (await _console.PageAsync("/console/lives/posts", "ko")).ShouldContain("이 프로세스에서는 콘텐츠 플랫폼이 실행되고 있지 않습니다");

    [Theory]
    [InlineData(0, "0 ms", "0ms")]
    [InlineData(999, "999 ms", "999ms")]
    [InlineData(1250, "1.25 s", "1.25초")]
    [InlineData(200_000, "3 min 20 s", "3분 20초")]
    [InlineData(93_600_000, "26 h 0 min", "26시간 0분")]
    public void A_time_is_as_precise_as_its_size_deserves_in_the_readers_language(long milliseconds, string english, string korean)
    {
        LifeTimes.Text(TimeSpan.FromMilliseconds(milliseconds), Language.Of("en")).ShouldBe(english);
        LifeTimes.Text(TimeSpan.FromMilliseconds(milliseconds), Language.Of("ko")).ShouldBe(korean);
    }

    [Fact]
    public void Bars_lie_where_their_steps_lie_and_the_shortest_is_seen()
    {
        var start = DateTimeOffset.UnixEpoch;
        var steps = new[] { Letters.Step(start, null), Letters.Step(start.AddMilliseconds(25), 25), Letters.Step(start.AddMilliseconds(25), 0), Letters.Step(start.AddMilliseconds(100), 75) };
        var chapter = new LifeChapter(Said.AsIs("c"), steps);
        var times = new LifeTimes(chapter);
        steps.Select(times.BarOf).ShouldBe([null, ("0", "250"), ("244", "6"), ("250", "750")]);
        LifeTimes.Whole(chapter).ShouldBe(TimeSpan.FromMilliseconds(100));
        LifeTimes.Whole(new LifeChapter(Said.AsIs("c"), [.. steps, Letters.Step(start, null) with { State = LifeState.Waiting }])).ShouldBeNull("it is not over");
    }

    /// <summary>One letter, of two versions.</summary>
    private sealed class Letters : ILives
    {
        private static readonly DateTimeOffset Sent = new(2026, 5, 5, 1, 2, 3, 4, TimeSpan.Zero);

        public string? Query { get; private set; }

        public string Kind => "letters";

        public Said Title { get; } = new("A letter's life", "편지의 일생");

        public Said SearchBy { get; } = new("Number", "번호");

        public Task<IReadOnlyList<Life>> RecentAsync(string? query, int count, CancellationToken ct)
        {
            Query = query;
            return Task.FromResult<IReadOnlyList<Life>>(query == "nobody" ? [] : [Letter()]);
        }

        public Task<Life?> FindAsync(string id, CancellationToken ct) => Task.FromResult(id == "7" ? Letter() : null);

        public static LifeStep Step(DateTimeOffset at, int? after) => new()
        {
            Name = new("Sent", "보냄"),
            State = LifeState.Done,
            At = at,
            After = after is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
            Detail = Said.AsIs("detail"),
        };

        private static Life Letter() => new("7", Said.AsIs("<script>alert(1)</script>"), "누구", PlatformCommands.Life("7", server: null),
        [
            new(new("First", "첫째"), [Step(Sent.AddDays(-1), null)]),
            new(new("Second", "둘째"),
            [
                Step(Sent, null),
                Step(Sent.AddMilliseconds(12), 12) with { Name = new("Carried", "나름"), Group = "a/b?<", Record = new("a.b", 3, 41) },
                Step(Sent, null) with { Name = new("Read", "읽음"), At = null, State = LifeState.Failed, DeadLetters = "a.b.dlt", Beside = true },
            ]),
        ]);
    }
}
