using System.Net;

namespace Garam.Acceptance;

public sealed class LifeOfPosts : IDisposable
{
    private readonly string _data = Repository.NewFolder("life");
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task One_command_carries_a_post_from_its_author_to_every_reader()
    {
        await using var garam = await GaramProcess.UpAsync(_data, _ct);
        using var content = new ContentClient(garam.Http);

        await PlatformWalk.RunAsync(content, _ct);

        (await garam.StopAsync(_ct)).ShouldBe(0, garam.Log);
    }

    [Fact]
    public async Task An_edit_judged_bad_hides_the_post_and_a_good_one_brings_it_back()
    {
        await using var garam = await GaramProcess.UpAsync(_data, _ct);
        using var content = new ContentClient(garam.Http);
        var follower = (await content.FollowersAsync(2, _ct)).First();
        var post = await content.CreateAsync("산책길의 고양이", "골목에서 치즈냥이를 만났다.", 2, _ct);
        await PlatformWalk.IsEverywhereAsync(content, post, follower, "치즈", _ct);

        await content.UpdateAsync(post, "산책길의 고양이", "씨발 병신 같은 새끼들아", _ct);
        await PlatformWalk.IsNowhereAsync(content, post, follower, "치즈", _ct);

        post = await content.UpdateAsync(post, "산책길의 고양이", "골목에서 치즈냥이를 또 만났다.", _ct);
        await PlatformWalk.IsEverywhereAsync(content, post, follower, "치즈", _ct);
    }

    [Fact]
    public async Task Started_again_on_the_same_data_everything_is_still_there()
    {
        Post post;
        long follower;
        await using (var first = await GaramProcess.UpAsync(_data, _ct))
        {
            using var content = new ContentClient(first.Http);
            follower = (await content.FollowersAsync(3, _ct)).First();
            post = await content.CreateAsync("겨울 등대", "파도 소리가 방파제를 넘는다.", 3, _ct);
            await PlatformWalk.IsEverywhereAsync(content, post, follower, "방파", _ct);
            (await first.StopAsync(_ct)).ShouldBe(0, first.Log);
        }

        await using var second = await GaramProcess.UpAsync(_data, _ct);
        using var again = new ContentClient(second.Http);
        await PlatformWalk.IsEverywhereAsync(again, post, follower, "방파", _ct);
    }

    [Fact]
    public async Task Read_models_that_were_thrown_away_are_built_again_from_the_log()
    {
        Post kept, deleted;
        long follower;
        await using (var first = await GaramProcess.UpAsync(_data, _ct))
        {
            using var content = new ContentClient(first.Http);
            follower = (await content.FollowersAsync(4, _ct)).First();
            kept = await content.CreateAsync("남은 글", "국수나무 그늘에서 쉬었다.", 4, _ct);
            deleted = await content.CreateAsync("지울 글", "국수나무 아래 잃어버린 우산.", 4, _ct);
            await PlatformWalk.IsEverywhereAsync(content, kept, follower, "국수", _ct);
            await PlatformWalk.IsEverywhereAsync(content, deleted, follower, "우산", _ct);
            (await content.DeleteAsync(deleted.Id, _ct)).ShouldBe(HttpStatusCode.NoContent);
            await PlatformWalk.IsNowhereAsync(content, deleted, follower, "우산", _ct);
            await first.StopAsync(_ct);
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(_data, "content")).Where(file => Path.GetFileName(file).StartsWith("feed.") || Path.GetFileName(file).StartsWith("search.")))
            File.Delete(file);

        await using var second = await GaramProcess.UpAsync(_data, _ct);
        using var again = new ContentClient(second.Http);
        await PlatformWalk.IsEverywhereAsync(again, kept, follower, "국수", _ct);
        (await again.SearchAsync("우산", _ct)).ShouldNotContain(hit => hit.Id == deleted.Id);
        (await again.InboxAsync(follower, _ct)).ShouldNotContain(item => item.Id == deleted.Id);
        (await again.DetailAsync(deleted.Id, _ct)).ShouldBeNull();
    }
}
