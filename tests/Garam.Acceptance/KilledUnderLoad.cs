using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace Garam.Acceptance;

/// <summary>
/// Writers work while the program is killed again and again. What counts is what they were told: a post whose creation was
/// answered is found in the end, one whose deletion was answered is nowhere.
/// </summary>
public sealed class KilledUnderLoad(ITestOutputHelper output) : IDisposable
{
    private const int Writers = 16;
    private static readonly int Kills = LongMode.Pick(2, 5);
    private const int WritesBeforeAKill = 150;
    private const string Marker = "물레방아";

    private readonly string _data = Repository.NewFolder("kill");
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly ConcurrentDictionary<long, Post> _alive = new();
    private readonly ConcurrentDictionary<long, Post> _deleted = new();
    private readonly ConcurrentDictionary<long, bool> _unsure = new();
    private int _inFlight;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_deleted_returns()
    {
        var counted = 0;
        for (var kill = 1; kill <= Kills; kill++)
            counted += await WriteUntilKilledAsync(kill);
        counted.ShouldBeGreaterThanOrEqualTo(Kills - 1, "kills must hit work in flight to count");

        await using var garam = await GaramProcess.UpAsync(_data, _ct);
        using var content = new ContentClient(garam.Http);
        await CheckAsync(content);
        output.WriteLine($"{_alive.Count} posts kept, {_deleted.Count} gone, {_unsure.Count} unanswered, {counted} of {Kills} kills counted");
    }

    private async Task<int> WriteUntilKilledAsync(int kill)
    {
        await using var garam = await GaramProcess.UpAsync(_data, _ct);
        using var content = new ContentClient(garam.Http);
        var written = new Written(WritesBeforeAKill * kill / 2);
        var writers = Enumerable.Range(0, Writers).Select(writer => WriteAsync(content, new Random(kill * 100 + writer), written)).ToArray();
        await written.Enough.WaitAsync(_ct);
        var requests = Volatile.Read(ref _inFlight);
        var behind = await BehindAsync(content);
        await garam.KillAsync(_ct);
        await Task.WhenAll(writers);
        output.WriteLine($"kill {kill}: {requests} writes unanswered, {behind} answered posts not yet searchable (outbox, relay, moderation, commits, indexing in flight)");
        return requests + behind > 0 ? 1 : 0;
    }

    private async Task WriteAsync(ContentClient content, Random random, Written written)
    {
        var mine = new List<Post>();
        try
        {
            while (true)
            {
                Interlocked.Increment(ref _inFlight);
                await WriteOnceAsync(content, random, mine);
                Interlocked.Decrement(ref _inFlight);
                written.One();
            }
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private async Task WriteOnceAsync(ContentClient content, Random random, List<Post> mine)
    {
        if (mine.Count > 4 && random.Next(4) == 0)
            await DeleteAsync(content, mine, random.Next(mine.Count));
        else if (mine.Count > 2 && random.Next(4) == 0)
            await EditAsync(content, mine, random.Next(mine.Count));
        else
            mine.Add(Keep(await content.CreateAsync("물가의 글", $"{Marker} 옆에서 적은 글 {Guid.NewGuid():N}", random.Next(1, 31), _ct)));
    }

    private async Task EditAsync(ContentClient content, List<Post> mine, int index)
    {
        // An edit without an answer may or may not have happened: the post stays, its text is not asserted.
        _unsure[mine[index].Id] = true;
        mine[index] = Keep(await content.UpdateAsync(mine[index], mine[index].Title, $"{Marker} 옆에서 고친 글 {Guid.NewGuid():N}", _ct));
        _unsure.TryRemove(mine[index].Id, out _);
    }

    private async Task DeleteAsync(ContentClient content, List<Post> mine, int index)
    {
        var post = mine[index];
        mine.RemoveAt(index);
        // A deletion without an answer may or may not have happened: the post is not asserted either way.
        _alive.TryRemove(post.Id, out _);
        (await content.DeleteAsync(post.Id, _ct)).ShouldBe(HttpStatusCode.NoContent);
        _deleted[post.Id] = post;
    }

    private Post Keep(Post post) => _alive[post.Id] = post;

    private async Task<int> BehindAsync(ContentClient content)
    {
        var found = (await content.SearchAsync(Marker, _ct)).Select(hit => hit.Id).ToHashSet();
        return _alive.Keys.Count(id => !found.Contains(id)) + _deleted.Keys.Count(found.Contains);
    }

    private async Task CheckAsync(ContentClient content)
    {
        await Eventually.IsAsync(() => BehindAsync(content), behind => behind == 0, "search shows what was acknowledged", _ct);
        foreach (var post in _alive.Values)
        {
            var detail = await content.DetailAsync(post.Id, _ct);
            detail.ShouldNotBeNull($"post {post.Id} was acknowledged");
            if (!_unsure.ContainsKey(post.Id))
                detail.Content.ShouldBe(post.Content);
        }

        foreach (var id in _deleted.Keys)
            (await content.DetailAsync(id, _ct)).ShouldBeNull($"post {id} was deleted");
        await InboxesAreRightAsync(content);
    }

    private async Task InboxesAreRightAsync(ContentClient content)
    {
        foreach (var author in _alive.Values.GroupBy(post => post.UserId))
        {
            var follower = (await content.FollowersAsync(author.Key, _ct)).FirstOrDefault();
            if (follower == 0)
                continue;
            await Eventually.IsAsync(() => content.InboxAsync(follower, _ct), inbox =>
            {
                var ids = inbox.Select(item => item.Id).ToHashSet();
                return ids.Count == inbox.Count && author.All(post => ids.Contains(post.Id)) && !_deleted.Keys.Any(ids.Contains);
            }, $"the inbox of user {follower} holds what user {author.Key} wrote", _ct);
        }
    }

    private sealed class Written(int enough)
    {
        private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;

        public Task Enough => _enough.Task;

        public void One()
        {
            if (Interlocked.Increment(ref _count) == enough)
                _enough.TrySetResult();
        }
    }
}
