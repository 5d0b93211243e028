using System.Threading.Tasks.Sources;

namespace Garam.Broker.Network;

/// <summary>
/// Something that one caller at a time waits for, again and again, without an allocation. Who waits goes on inside of <see cref="Complete"/>.
/// Guarded by its owner, who calls <see cref="Complete"/> outside of the lock when <see cref="TryTake"/> was true.
/// </summary>
internal sealed class Readiness : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _source;
    private bool _isAwaited;

    public ValueTask Wait()
    {
        _source.Reset();
        _isAwaited = true;
        return new ValueTask(this, _source.Version);
    }

    /// <summary>True when somebody waits, and is to be completed by the caller alone.</summary>
    public bool TryTake()
    {
        var isAwaited = _isAwaited;
        _isAwaited = false;
        return isAwaited;
    }

    public void Complete() => _source.SetResult(true);

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
