using Garam.Background;
using Garam.Operations;

namespace Garam.Console.Snapshots;

/// <summary>What was last seen of something.</summary>
/// <param name="At">When it was true.</param>
/// <param name="Value">Null: nothing was seen yet.</param>
/// <param name="Trouble">Why there is nothing newer; null while there is no trouble.</param>
internal sealed record Seen<T>(DateTimeOffset At, T? Value, OperationException? Trouble) where T : class;

/// <summary>
/// One look for all who ask, not older than two seconds while the broker answers. While it does not, the last look is given at once, with its age.
/// It is only looked when somebody asks: a console without readers asks nothing of the broker.
/// </summary>
internal sealed class Glance<T>(string name, Func<CancellationToken, Task<T>> look, BackgroundWork background, TimeProvider time) where T : class
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    /// <summary>How long one waits for a newer look when there is an older one to show.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    /// <summary>How long one waits when there is none, or when something was just changed, and the old one would be wrong.</summary>
    private static readonly TimeSpan LongPatience = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private Seen<T> _last = new(default, null, null);
    private Task _looking = Task.CompletedTask;
    private bool _outdated;
    private int _begun;
    private int _published;

    public async Task<Seen<T>> CurrentAsync(CancellationToken ct)
    {
        Task looking;
        TimeSpan patience;
        lock (_lock)
        {
            if (!_outdated && _last.Trouble is null && time.GetUtcNow() - _last.At < Fresh)
                return _last;
            patience = _outdated || _last is { Value: null, Trouble: null } ? LongPatience : _last.Trouble is null ? Patience : TimeSpan.Zero;
            if (_outdated || _looking.IsCompleted)
                _looking = Begin();
            _outdated = false;
            looking = _looking;
        }

        await Task.WhenAny(looking, Task.Delay(patience, time, ct));
        ct.ThrowIfCancellationRequested();
        lock (_lock)
            return _last;
    }

    /// <summary>Something was changed: who asks next must not be shown what was before.</summary>
    public void Forget()
    {
        lock (_lock)
            _outdated = true;
    }

    // The look belongs to all who wait for it: none of them ends it.
    private Task Begin()
    {
        var number = ++_begun;
        return background.Run(name, _ => LookAsync(number), OnFailure.EndRun(unexpected => Fail(number, new OperationException(FailureKind.Failed, $"{name} failed unexpectedly: {unexpected.Message}", unexpected))));
    }

    private async Task LookAsync(int number)
    {
        var at = time.GetUtcNow();
        try
        {
            var value = await look(CancellationToken.None);
            Publish(number, _ => new Seen<T>(at, value, null));
        }
        catch (Exception exception) when (OperationException.From(exception) is { } failure)
        {
            Fail(number, failure);
        }
    }

    private void Fail(int number, OperationException failure) => Publish(number, last => last with { Trouble = failure });

    private void Publish(int number, Func<Seen<T>, Seen<T>> seen)
    {
        lock (_lock)
        {
            // A look that began before a change may end after one that began later.
            if (number < _published)
                return;
            _published = number;
            _last = seen(_last);
        }
    }
}
