using System.Collections.Concurrent;
using System.Net.Http.Json;

namespace Garam.Content.Tests.Platform;

/// <summary>Writers and readers at once, and what each of them did and saw, for a judge to go through afterwards.</summary>
internal sealed class Storm(PlatformHost platform, int seed)
{
    /// <summary>In every post, so that one query finds all of them.</summary>
    public const string CommonWord = "물결";

    private const string Bad = "나쁨";
    private const int Users = 30;

    private readonly ConcurrentDictionary<long, WrittenPost> _posts = new();
    private readonly ConcurrentQueue<Sighting> _sightings = new();
    private readonly ConcurrentQueue<Exception> _complaints = new();
    private long _clock;

    public IReadOnlyDictionary<long, WrittenPost> Posts => _posts;

    public IReadOnlyCollection<Sighting> Sightings => _sightings;

    /// <summary>Each writer has posts of its own, so that it knows what it has made of them.</summary>
    public async Task RunAsync(int writers, int stepsPerWriter, int readers)
    {
        // Begins when posts flow to readers: on a quick machine the writers would be through before there is anything to see.
        var first = await CreateAsync($"{CommonWord} 0", author: 1);
        await Eventually.IsTrueAsync(async () => await platform.DetailAsync(first.Id) is not null, "the first post is seen");

        using var over = new CancellationTokenSource();
        var reading = Enumerable.Range(0, readers).Select(reader => ReadAsync(new Random(seed + 1_000 + reader), over.Token)).ToList();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => WriteAsync(new Random(seed + writer), writer, stepsPerWriter)));
        await Eventually.IsTrueAsync(() => Task.FromResult(_sightings.Count > 100), "readers have seen something to judge");
        await over.CancelAsync();
        await Task.WhenAll(reading);
        _complaints.ShouldBeEmpty();
    }

    private async Task WriteAsync(Random random, int writer, int steps)
    {
        var mine = new List<WrittenPost>();
        for (var step = 0; step < steps; step++)
        {
            var text = $"{CommonWord} {writer}의 {step}번째{(random.Next(5) == 0 ? $" {Bad}" : "")}";
            var dice = random.Next(10);
            if (mine.Count == 0 || dice < 4)
                mine.Add(await CreateAsync(text, 1 + random.Next(Users)));
            else if (dice < 7)
                await EditAsync(mine[random.Next(mine.Count)], text);
            else if (dice < 8)
                await DeleteAsync(mine, random.Next(mine.Count));
            else
                await ChangeFollowAsync(random, begin: dice == 8);
        }
    }

    private async Task<WrittenPost> CreateAsync(string text, long author)
    {
        var created = await platform.CreateAsync("글", text, author);
        var post = new WrittenPost(created.Id, author);
        post.Texts[1] = text;
        return _posts[created.Id] = post;
    }

    private async Task EditAsync(WrittenPost post, string text) => post.Texts[(await platform.UpdateAsync(post.Id, "글", text)).Version] = text;

    private async Task DeleteAsync(List<WrittenPost> mine, int at)
    {
        var post = mine[at];
        mine.RemoveAt(at);
        await platform.DeleteAsync(post.Id);
        post.DeletedAt = Interlocked.Increment(ref _clock);
    }

    private async Task ChangeFollowAsync(Random random, bool begin)
    {
        var (follower, following) = (1 + random.Next(Users), 1 + random.Next(Users));
        if (follower == following)
            return;
        using var answer = begin
            ? await platform.Http.PostAsJsonAsync("/follows", new { followerId = follower, followingId = following })
            : await platform.Http.DeleteAsync($"/follows?followerId={follower}&followingId={following}");
    }

    private async Task ReadAsync(Random random, CancellationToken over)
    {
        try
        {
            while (!over.IsCancellationRequested)
            {
                var began = Interlocked.Increment(ref _clock);
                switch (random.Next(3))
                {
                    case 0 when !_posts.IsEmpty:
                        var ids = _posts.Keys; // a snapshot: writers add to the dictionary meanwhile
                        var id = ids.ElementAt(random.Next(ids.Count));
                        if (await platform.DetailAsync(id) is { } detail)
                            _sightings.Enqueue(new Sighting(id, began, detail.Version, detail.Content));
                        break;
                    case 1:
                        Saw(began, (await platform.PageAsync($"/list/inbox/{1 + random.Next(Users)}?size=20")).Items.Select(item => item.Id));
                        break;
                    default:
                        Saw(began, (await platform.PageAsync($"/list/search?keyword={CommonWord}&size=20")).Items.Select(item => item.Id));
                        break;
                }
            }
        }
        catch (HttpRequestException error)
        {
            _complaints.Enqueue(error);
        }
    }

    private void Saw(long began, IEnumerable<long> ids)
    {
        foreach (var id in ids)
            _sightings.Enqueue(new Sighting(id, began, Version: null, Content: null));
    }

    /// <summary>What a writer knows of a post: the text of each version, and when its deletion was answered.</summary>
    internal sealed class WrittenPost(long id, long author)
    {
        public long Id => id;

        public long Author => author;

        public ConcurrentDictionary<int, string> Texts { get; } = new();

        public long DeletedAt { get; set; } = long.MaxValue;

        public bool IsGood(int version) => !Texts[version].Contains(Bad, StringComparison.Ordinal);

        /// <summary>What must be seen when everything has come to rest: the last version, if it is good.</summary>
        public bool IsVisible => DeletedAt == long.MaxValue && IsGood(Texts.Count);
    }

    /// <summary>A reader asked at <paramref name="Began"/> and saw a post; a list does not show which version.</summary>
    internal sealed record Sighting(long Id, long Began, int? Version, string? Content);
}
