using System.Text.Json;
using Garam.Content.Messages;
using Garam.Content.People;
using Garam.Content.Posts;
using Microsoft.Data.Sqlite;

namespace Garam.Content.Tests.Posts;

public sealed class PostStoreTests : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ContentStore _store;
    private readonly PostStore _posts;

    public PostStoreTests()
    {
        _store = ContentStore.Open(_directory.Path, TimeProvider.System);
        _posts = new PostStore(_store, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Each_change_has_one_event_with_the_next_version()
    {
        var post = await CreateAsync("하나");
        await _posts.UpdateAsync(post.Id, new PostDraft("제목", "둘", null, 2), CancellationToken.None);
        await _posts.DeleteAsync(post.Id, CancellationToken.None);

        var events = Events();
        events.Select(e => (e.Version, e.OperationType, e.Payload?.Content)).ShouldBe(
            [(1, OperationType.Create, "하나"), (2, OperationType.Update, "둘"), (3, OperationType.Delete, null)]);
        events[1].Payload!.CategoryId.ShouldBe(2);
        events[1].Payload!.CreatedAt.ShouldBe(post.CreatedAt);
    }

    [Fact]
    public async Task A_deleted_post_is_not_there_for_anybody_any_more()
    {
        var post = await CreateAsync("하나");
        (await _posts.DeleteAsync(post.Id, CancellationToken.None)).ShouldBe(2);
        (await _posts.DeleteAsync(post.Id, CancellationToken.None)).ShouldBeNull();
        (await _posts.UpdateAsync(post.Id, new PostDraft("제목", "둘", null, 2), CancellationToken.None)).ShouldBeNull();
        _posts.Find(post.Id).ShouldBeNull();
        Events().Count.ShouldBe(2);
        (await CreateAsync("다른 글")).Id.ShouldBeGreaterThan(post.Id);
    }

    /// <summary>S1 of the course: its events left inside the database transaction, and stayed when that was rolled back.</summary>
    [Fact]
    public async Task S1_a_change_that_is_rolled_back_leaves_neither_a_row_nor_an_event()
    {
        await CreateAsync("하나");
        await _store.Rows.WriteAsync(c => c.Execute($"PRAGMA max_page_count = {c.Number("PRAGMA page_count") + 2}"), CancellationToken.None);
        await Should.ThrowAsync<SqliteException>(CreateAsync(new string('긴', 20_000)));
        await _store.Rows.WriteAsync(c => c.Execute("PRAGMA max_page_count = 1000000"), CancellationToken.None);
        await CreateAsync("둘");

        Events().Select(e => e.Payload!.Content).ShouldBe(["하나", "둘"]);
        _store.Rows.Read(c => c.Number("SELECT COUNT(*) FROM post")).ShouldBe(2);
    }

    [Fact]
    public async Task Many_who_edit_one_post_at_once_make_as_many_versions_and_events_in_order()
    {
        var post = await CreateAsync("시작");
        await Parallel.ForAsync(0, 200, async (i, ct) => await _posts.UpdateAsync(post.Id, new PostDraft("제목", $"{i}", null, 1), ct));
        Events().Select(e => e.Version).ShouldBe(Enumerable.Range(1, 201));
        _posts.Find(post.Id)!.Content.ShouldBe(Events()[^1].Payload!.Content, "the last event is what the row holds");
    }

    [Fact]
    public async Task A_follow_counts_its_changes_and_each_has_one_event()
    {
        var follows = new FollowStore(_store);
        (await follows.FollowAsync(1, 2, CancellationToken.None)).ShouldBeTrue();
        (await follows.FollowAsync(1, 2, CancellationToken.None)).ShouldBeFalse();
        (await follows.UnfollowAsync(1, 2, CancellationToken.None)).ShouldBeTrue();
        (await follows.UnfollowAsync(1, 2, CancellationToken.None)).ShouldBeFalse();
        (await follows.FollowAsync(1, 2, CancellationToken.None)).ShouldBeTrue();

        Payloads(ContentTopics.FollowChanges).Select(json => JsonSerializer.Deserialize(json, MessageJson.Wire.FollowMessage)).ShouldBe(
        [
            new FollowMessage(1, 2, 1, OperationType.Create),
            new FollowMessage(1, 2, 2, OperationType.Delete),
            new FollowMessage(1, 2, 3, OperationType.Create),
        ]);
        follows.Followers(2, 0, 10).ShouldBe([1]);
    }

    [Fact]
    public async Task First_look_data_is_written_once_with_its_events()
    {
        (await FirstLookData.WriteIfEmptyAsync(_store, CancellationToken.None)).ShouldBeTrue();
        (await FirstLookData.WriteIfEmptyAsync(_store, CancellationToken.None)).ShouldBeFalse();
        var directory = new PeopleDirectory(_store);
        directory.Users.Count().ShouldBe(30);
        directory.Users.Select(user => user.Name).Distinct().Count().ShouldBe(30);
        directory.Categories.Select(category => category.Name).ShouldBe(["IT", "Travel", "Health"]);
        Payloads(ContentTopics.FollowChanges).Count.ShouldBe((int)_store.Rows.Read(c => c.Number("SELECT COUNT(*) FROM follow")));
        _store.Rows.Read(c => c.Number("SELECT COUNT(*) FROM follow WHERE follower_id = following_id")).ShouldBe(0);
    }

    [Fact]
    public async Task An_event_looks_on_the_wire_as_the_course_shows_it()
    {
        var post = await CreateAsync("강가에서 \"쓴\" 글");
        Payloads(ContentTopics.OriginalPosts).ShouldHaveSingleItem().ShouldBe(
            $$"""
            {"id":{{post.Id}},"version":1,"payload":{"id":{{post.Id}},"version":1,"title":"제목","content":"강가에서 \"쓴\" 글","userId":1,"categoryId":1,"createdAt":{{Json(post.CreatedAt)}},"updatedAt":{{Json(post.UpdatedAt)}},"deletedAt":null},"operationType":"CREATE"}
            """);
        Json(post.CreatedAt).ShouldEndWith("Z\"");
    }

    private Task<OriginalPost> CreateAsync(string content) => _posts.CreateAsync(new PostDraft("제목", content, 1, 1), CancellationToken.None);

    private List<OriginalPostMessage> Events() =>
        [.. Payloads(ContentTopics.OriginalPosts).Select(json => JsonSerializer.Deserialize(json, MessageJson.Wire.OriginalPostMessage)!)];

    private List<string> Payloads(string topic) => _store.Rows.Read(c => c.Query(
        "SELECT CAST(value AS TEXT) FROM outbox WHERE topic = $1 ORDER BY id", row => row.GetString(0), topic));

    private static string Json(DateTime time) => JsonSerializer.Serialize(time);
}
