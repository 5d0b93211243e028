using Microsoft.Extensions.Time.Testing;

namespace Garam.Broker.Tests;

/// <summary>A clock that a test moves. Timers fire inside <see cref="FakeTimeProvider.Advance"/>, on the test's own thread.</summary>
internal sealed class TestClock() : FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000))
{
    private TimeSpan _setBy;

    public long Milliseconds => GetUtcNow().ToUnixTimeMilliseconds();

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _setBy;

    /// <summary>Sets the wall clock alone; <see cref="FakeTimeProvider.AdjustTime"/> moves the monotonic clock, too.</summary>
    public void SetWallClock(TimeSpan by) => _setBy += by;
}
