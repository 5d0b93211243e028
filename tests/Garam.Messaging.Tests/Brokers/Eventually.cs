namespace Garam.Messaging.Tests.Brokers;

/// <summary>Awaits a condition that another thread or a broker brings about. Fails with the last state seen, not with "timeout".</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task Is<T>(T expected, Func<Task<T>> read)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        T actual;
        while (!EqualityComparer<T>.Default.Equals(actual = await read(), expected))
        {
            try
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                actual.ShouldBe(expected, $"still so after {Patience.TotalSeconds} s");
            }
        }
    }

    public static Task Is<T>(T expected, Func<T> read) => Is(expected, () => Task.FromResult(read()));

    public static Task True(Func<bool> condition) => Is(true, condition);
}
