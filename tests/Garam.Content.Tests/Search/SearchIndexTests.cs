using Garam.Content.Messages;
using Garam.Content.Search;
using Garam.Content.Tests.Feed;
using Garam.Content.Tests.Text;
using Garam.Content.Text;

namespace Garam.Content.Tests.Search;

public sealed class SearchIndexTests : IAsyncDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly TemporaryDirectory _directory = new();
    private readonly SearchIndex _index;

    public SearchIndexTests() => _index = SearchIndex.Open(_directory.File("search.db"), TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await _index.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("영화")]            // two syllables at a word's start, with a particle behind
    [InlineData("감동")]            // inside a word
    [InlineData("영화 감동")]        // two words, in another order and place
    [InlineData("봄")]              // one syllable
    [InlineData("ㅋㅋ")]
    [InlineData("HERO")]
    [InlineData("ｈｅｒｏ")]
    [InlineData("\u110B\u1167\u11BC\u1112\u116A")]   // 영화 as macOS sends it
    [InlineData("Travel")]          // the category
    [InlineData("가족여행")]         // a tag
    [InlineData("★")]
    public async Task A_post_is_found_by_what_is_written_in_it(string keyword)
    {
        await Write(1, "봄날의 영화는", "정말감동적인 Superhero 이야기 ㅋㅋㅋ ★", "Travel", "가족여행");
        await Write(2, "다른 글", "아무 관계 없음");
        Find(keyword).ShouldBe([1]);
    }

    [Theory]
    [InlineData("화는정")]           // no phrase reaches from one word into the next
    [InlineData("영화 없는말")]      // every word must be there
    [InlineData("화영")]
    public async Task A_post_is_not_found_by_what_is_not_in_it(string keyword)
    {
        await Write(1, "봄날의 영화는", "정말감동적인 이야기");
        Find(keyword).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \t ")]
    [InlineData("\"*()^:-")]
    [InlineData("\u200B")]
    public void A_keyword_without_a_word_is_refused(string keyword)
    {
        SearchQuery.TryParse(keyword, out _, out var error).ShouldBeFalse();
        error.ShouldNotBeNull().ShouldContain("letter");
    }

    [Fact]
    public void A_keyword_that_is_too_long_is_refused()
    {
        SearchQuery.TryParse(new string('가', 101), out _, out var error).ShouldBeFalse();
        error.ShouldNotBeNull().ShouldContain("100");
    }

    [Theory]
    [InlineData("title:영화", 0)]
    [InlineData("영화 OR 없는말", 0)]
    [InlineData("영화\" OR \"없는말", 0)]
    [InlineData("NOT 영화", 0)]
    [InlineData("영화*", 1)]
    [InlineData("NEAR(영화 이야기)", 0)]
    [InlineData("^영화 + {이야기}", 1)]
    [InlineData("'; DROP TABLE words; --", 0)]
    public async Task Query_syntax_in_a_keyword_is_only_text(string keyword, int hits)
    {
        await Write(1, "영화", "이야기");
        Find(keyword).Count.ShouldBe(hits);
    }

    [Fact]
    public async Task Title_hits_come_first_and_then_the_newest()
    {
        await Write(1, "영화", "오래된 글");
        await Write(2, "글", "영화 이야기");
        await Write(3, "영화 이야기", "새 글");
        await Write(4, "글", "새 영화");
        Find("영화").ShouldBe([3, 1, 4, 2]);
    }

    [Fact]
    public async Task Reading_on_after_any_hit_neither_repeats_nor_skips()
    {
        for (var id = 1; id <= 60; id++)
        {
            await Write(id, id % 7 == 0 ? "영화" : "글", id % 3 == 0 ? "영화" : "글");
        }

        var query = Query("영화");
        var all = _index.Find(query, SearchHit.Top, 100);
        all.Count.ShouldBe(26);
        for (var size = 1; size <= 10; size++)
        {
            var pages = new List<SearchHit>();
            while (_index.Find(query, pages.LastOrDefault(SearchHit.Top), size) is { Count: > 0 } page)
            {
                pages.AddRange(page);
            }

            pages.ShouldBe(all);
        }
    }

    [Fact]
    public async Task An_edit_replaces_what_was_found_and_a_removal_takes_it_away()
    {
        await Write(1, "영화", "이야기");
        await _index.ApplyAsync(Approved(1, 2, "음악", "이야기"), Events.Place, Never);
        Find("영화").ShouldBeEmpty();
        Find("음악").ShouldBe([1]);
        await _index.ApplyAsync(Events.Removed(1, 3), Events.Place, Never);
        Find("음악").ShouldBeEmpty();
    }

    [Fact]
    public async Task An_older_event_that_comes_late_changes_nothing()
    {
        await _index.ApplyAsync(Events.Removed(1, 3), Events.Place, Never);
        await Write(1, "영화", "이야기");
        Find("영화").ShouldBeEmpty();
        await _index.ApplyAsync(Approved(2, 2, "음악", ""), Events.Place, Never);
        await _index.ApplyAsync(Events.Removed(2, 1), Events.Place, Never);
        Find("음악").ShouldBe([2]);
    }

    [Fact]
    public async Task Any_keyword_is_answered_or_refused()
    {
        var random = new Random(4);
        await Write(1, "영화", "이야기");
        for (var round = 0; round < 500; round++)
        {
            var keyword = RandomText.Next(random, 12);
            if (SearchQuery.TryParse(keyword, out var query, out _))
            {
                _index.Find(query, SearchHit.Top, 5).Count.ShouldBeLessThanOrEqualTo(1);
            }
            else
            {
                Words.Of(TextNormalizer.Normalize(keyword)).ShouldBeEmpty();
            }
        }
    }

    private Task Write(long id, string title, string content, params string[] labels) =>
        _index.ApplyAsync(Approved(id, 1, title, content, labels), Events.Place, Never);

    private static InspectedPostMessage Approved(long id, int version, string title, string content, params string[] labels)
    {
        var message = Events.Approved(id, version, author: 1, minute: 0);
        return message with
        {
            Payload = message.Payload! with
            {
                Post = message.Payload.Post with { Title = title, Content = content },
                CategoryName = labels.FirstOrDefault("IT"),
                AutoGeneratedTags = [.. labels.Skip(1)],
            },
        };
    }

    private static SearchQuery Query(string keyword) =>
        SearchQuery.TryParse(keyword, out var query, out var error) ? query : throw new ArgumentException(error, nameof(keyword));

    private List<long> Find(string keyword) => [.. _index.Find(Query(keyword), SearchHit.Top, 100).Select(hit => hit.PostId)];
}
