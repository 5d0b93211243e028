using System.Globalization;
using Garam.Content.Feed;
using Garam.Content.Lists;
using Garam.Content.Search;

namespace Garam.Content.Tests.Lists;

public sealed class VisibleListTests
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly SortedSet<long> _listed = [];
    private readonly VisibleSet _posts = new();

    [Fact] // S6
    public async Task Pages_are_full_although_hidden_posts_are_left_out()
    {
        AddRange(1, 1_000);
        _posts.Visible.RemoveWhere(id => id % 10 != 0);
        var pages = await ReadAll(size: 7);
        pages.SelectMany(page => page.Items).Select(post => post.Id).ShouldBe(_posts.Visible.OrderDescending());
        pages.SkipLast(1).ShouldAllBe(page => page.Items.Count == 7);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(5, 1)]
    [InlineData(6, 2)]
    [InlineData(10, 2)]
    public async Task There_is_a_next_page_only_when_something_visible_is_on_it(int count, int pages)
    {
        AddRange(1, 300);
        _posts.Visible.RemoveWhere(id => id <= 300 - count);
        (await ReadAll(size: 5)).Count.ShouldBe(pages);
    }

    [Fact] // S6
    public async Task Nothing_is_repeated_or_skipped_while_posts_come_and_go()
    {
        var random = new Random(3);
        AddRange(1, 400);
        var seen = new List<long>();
        var hidden = new HashSet<long>();
        string? cursor = null;
        do
        {
            var page = await Read(Page(7, cursor));
            seen.AddRange(page.Items.Select(post => post.Id));
            cursor = page.Next;

            AddRange(_listed.Max + 1, 3);
            for (var i = 0; i < 4; i++)
            {
                var gone = random.Next(1, 401);
                hidden.Add(gone);
                (random.Next(2) == 0 ? _listed : _posts.Visible).Remove(gone);
            }
        }
        while (cursor is not null);

        seen.ShouldBe(seen.Distinct());
        seen.ShouldBe(seen.OrderDescending());
        Enumerable.Range(1, 400).Select(id => (long)id).Except(hidden).Except(seen).ShouldBeEmpty("a post that was there all the time was skipped");
    }

    [Fact]
    public async Task Numbered_pages_count_visible_posts_only()
    {
        AddRange(1, 900);
        _posts.Visible.RemoveWhere(id => id % 3 != 0);
        var page = await Read(Page(10, null, 2));
        page.Items.Select(post => post.Id).ShouldBe(_posts.Visible.OrderDescending().Skip(20).Take(10));
        (await Read(Page(10, page.Next))).Items[0].Id.ShouldBe(_posts.Visible.OrderDescending().ElementAt(30));
        (await Read(Page(10, null, 500))).Items.ShouldBeEmpty();
        (await Read(Page(100, null, int.MaxValue))).Items.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1")]
    [InlineData("1-2-3")]
    [InlineData("-1-2")]
    [InlineData("1-99999999999999999999")]
    [InlineData("text-1")]
    public void A_cursor_of_another_list_is_refused(string cursor)
    {
        FeedEntry.TryParse(cursor, CultureInfo.InvariantCulture, out _).ShouldBeFalse();
        SearchHit.TryParse(cursor, CultureInfo.InvariantCulture, out _).ShouldBe(cursor == "text-1");
    }

    [Fact]
    public void A_place_is_read_back_from_its_text()
    {
        FeedEntry.Parse(new FeedEntry(1_767_225_600_000, 42).ToString(), null).ShouldBe(new FeedEntry(1_767_225_600_000, 42));
        SearchHit.Parse(new SearchHit(true, 7).ToString(), null).ShouldBe(new SearchHit(true, 7));
        SearchHit.Parse(new SearchHit(false, 7).ToString(), null).ShouldBe(new SearchHit(false, 7));
    }

    private void AddRange(long first, int count)
    {
        for (var id = first; id < first + count; id++)
        {
            _listed.Add(id);
            _posts.Visible.Add(id);
        }
    }

    private async Task<List<PostPage>> ReadAll(int size)
    {
        var pages = new List<PostPage> { await Read(Page(size, null)) };
        while (pages[^1].Next is { } next)
        {
            pages.Add(await Read(Page(size, next)));
        }

        return pages;
    }

    private static PageRequest<FeedEntry> Page(int size, string? cursor, int page = 0) =>
        new(size, cursor is null ? FeedEntry.Top : FeedEntry.Parse(cursor, null), page);

    private Task<PostPage> Read(PageRequest<FeedEntry> request) => VisibleList.ReadAsync(
        _posts,
        request,
        (after, count) => [.. _listed.Reverse().Where(id => id < after.PostId).Take(count).Select(id => new FeedEntry(id, id))],
        Never);

    private sealed class VisibleSet : IVisiblePosts
    {
        public SortedSet<long> Visible { get; } = [];

        public ValueTask<PostRendition?> FindAsync(long id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyDictionary<long, PostRendition>> FindAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken) =>
            new(ids.Where(Visible.Contains).ToDictionary(
                id => id,
                id => new PostRendition(id, 1, "", "", 1, 1, "", [], DateTime.UnixEpoch, DateTime.UnixEpoch)));
    }
}
