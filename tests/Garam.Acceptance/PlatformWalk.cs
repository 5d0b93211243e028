using System.Net;

namespace Garam.Acceptance;

/// <summary>The life of posts, walked over HTTP: the same steps on whatever event log stands behind them.</summary>
internal static class PlatformWalk
{
    private const long Author = 1;

    public static async Task RunAsync(ContentClient content, CancellationToken ct)
    {
        var follower = (await content.FollowersAsync(Author, ct)).First();
        var stranger = (await Strangers(content, ct)).First();

        var post = await content.CreateAsync("가람 위의 첫 배", "오늘 한강에서 조정 경기를 보았다. 물결이 잔잔했다.", Author, ct);
        await IsEverywhereAsync(content, post, follower, "조정", ct);
        (await content.InboxAsync(stranger, ct)).ShouldNotContain(item => item.Id == post.Id);

        post = await content.UpdateAsync(post, "가람 위의 첫 배", "오늘 한강에서 카약 경기를 보았다. 바람이 셌다.", ct);
        await Eventually.IsAsync(() => content.SearchAsync("카약", ct), hits => hits.Any(hit => hit.Id == post.Id), "the edited text is found", ct);
        await Eventually.IsAsync(() => content.SearchAsync("조정", ct), hits => hits.All(hit => hit.Id != post.Id), "the old text is forgotten", ct);
        (await content.DetailAsync(post.Id, ct))!.Content.ShouldContain("카약");

        (await content.DeleteAsync(post.Id, ct)).ShouldBe(HttpStatusCode.NoContent);
        (await content.DeleteAsync(post.Id, ct)).ShouldBe(HttpStatusCode.NotFound);
        await IsNowhereAsync(content, post, follower, "카약", ct);
    }

    /// <summary>The post is in the detail view, in its follower's inbox and in the search index.</summary>
    public static async Task IsEverywhereAsync(ContentClient content, Post post, long follower, string word, CancellationToken ct)
    {
        var detail = await Eventually.IsAsync(() => content.DetailAsync(post.Id, ct), seen => seen is not null, "the post is seen", ct);
        detail!.Title.ShouldBe(post.Title);
        detail.Content.ShouldBe(post.Content);
        await Eventually.IsAsync(() => content.InboxAsync(follower, ct), inbox => inbox.Count(item => item.Id == post.Id) == 1, "the post is in the inbox once", ct);
        await Eventually.IsAsync(() => content.SearchAsync(word, ct), hits => hits.Count(hit => hit.Id == post.Id) == 1, "the post is found once", ct);
    }

    public static async Task IsNowhereAsync(ContentClient content, Post post, long follower, string word, CancellationToken ct)
    {
        await Eventually.IsAsync(() => content.DetailAsync(post.Id, ct), seen => seen is null, "the post is gone from the detail view", ct);
        await Eventually.IsAsync(() => content.InboxAsync(follower, ct), inbox => inbox.All(item => item.Id != post.Id), "the post is gone from the inbox", ct);
        await Eventually.IsAsync(() => content.SearchAsync(word, ct), hits => hits.All(hit => hit.Id != post.Id), "the post is gone from search", ct);
    }

    private static async Task<IEnumerable<long>> Strangers(ContentClient content, CancellationToken ct)
    {
        var followers = await content.FollowersAsync(Author, ct);
        return Enumerable.Range(1, 30).Select(id => (long)id).Except(followers).Except([Author]);
    }
}
