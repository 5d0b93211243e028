namespace Garam.Content.Tests.Cache;

/// <summary>Approved posts that a test changes, with a gate that holds up readings after they have seen the truth of their time.</summary>
internal sealed class Truth : IApprovedPosts
{
    private readonly Dictionary<long, PostRendition> _posts = [];
    private TaskCompletionSource? _gate;

    public int Readings { get; private set; }

    public void Set(long id, int version, string title = "제목", string content = "내용") => _posts[id] = new PostRendition(
        id, version, title, content, 1, 1, "Travel", [], DateTime.UnixEpoch, DateTime.UnixEpoch);

    public void Remove(long id) => _posts.Remove(id);

    /// <summary>From now on readings end only when the result is completed.</summary>
    public TaskCompletionSource Close() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Readings that begin now are not held up; those that wait go on waiting.</summary>
    public void OpenForNew() => _gate = null;

    public async ValueTask<PostRendition?> FindAsync(long id, CancellationToken cancellationToken) =>
        (await FindAsync([id], cancellationToken)).GetValueOrDefault(id);

    public async ValueTask<IReadOnlyDictionary<long, PostRendition>> FindAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        Readings++;
        var seen = ids.Where(_posts.ContainsKey).ToDictionary(id => id, id => _posts[id]);
        await (_gate?.Task ?? Task.CompletedTask);
        return seen;
    }
}
