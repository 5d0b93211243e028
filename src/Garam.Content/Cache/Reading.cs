namespace Garam.Content.Cache;

/// <summary>One post on its way from the truth into the cache. However many ask for it meanwhile, it is read once.</summary>
internal sealed class Reading(long id)
{
    private readonly TaskCompletionSource<PostRendition?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isVoid;

    public long Id => id;

    /// <summary>The truth has changed since it began: the answer may be older than what somebody has seen already.</summary>
    public bool IsVoid
    {
        get => _isVoid;
        set => _isVoid = value;
    }

    public Task<PostRendition?> Answer => _answer.Task;

    public void Complete(PostRendition? post) => _answer.SetResult(post);

    public void Fail(Exception error) => _answer.SetException(error);
}
