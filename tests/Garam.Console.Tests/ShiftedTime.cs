namespace Garam.Console.Tests;

/// <summary>
/// The time of this machine, put forward: what ages does so at once, and what waits does so for real. FakeTimeProvider has no real time,
/// which the server and the Kafka client beneath these tests need.
/// </summary>
internal sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
}
