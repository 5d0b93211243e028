using Garam.Broker;
using Garam.Content.Tests.Platform;

namespace Garam.Content.Tests.ReadModels;

public sealed class RebuildTests
{
    [Fact]
    public async Task A_read_model_that_was_deleted_is_filled_again_from_the_oldest_records()
    {
        using var directory = new TemporaryDirectory();
        await using var broker = await KafkaBroker.StartAsync();
        long author, follower, kept, deleted;
        await using (var platform = await RunningPlatform.StartAsync(broker.BootstrapServers, directory.Path))
        {
            author = 1;
            follower = (await platform.UsersAsync($"/followers?followingId={author}"))[0];
            kept = (await platform.WriteAsync("봄날의 영화관", "오랜만에 본 영화가 좋았다", author)).Id;
            deleted = (await platform.WriteAsync("지울 글", "영화 이야기", author)).Id;
            await Eventually.IsAsync(true, async () => await platform.SearchAsync("영화") is [_, _] && (await platform.InboxAsync(follower)).Contains(deleted));
            (await platform.Http.DeleteAsync($"/posts/{deleted}")).EnsureSuccessStatusCode();
            await Eventually.IsAsync(false, () => platform.IsVisibleAsync(deleted));
        }

        foreach (var file in Directory.GetFiles(directory.Path, "feed.db*").Concat(Directory.GetFiles(directory.Path, "search.db*")))
        {
            File.Delete(file);
        }

        await using (var platform = await RunningPlatform.StartAsync(broker.BootstrapServers, directory.Path))
        {
            await Eventually.IsAsync(true, async () => await platform.SearchAsync("영화") is [var only] && only == kept);
            await Eventually.IsAsync(true, async () => (await platform.InboxAsync(follower)).Contains(kept));
            (await platform.InboxAsync(follower)).ShouldNotContain(deleted);
        }
    }
}
