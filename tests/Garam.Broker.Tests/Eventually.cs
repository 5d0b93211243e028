namespace Garam.Broker.Tests;

/// <summary>Awaits what clients and the broker bring about on their own threads; fails with the last state seen.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task IsAsync<T>(T expected, Func<T> read)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!EqualityComparer<T>.Default.Equals(read(), expected) && !deadline.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        read().ShouldBe(expected, $"still so after {Patience.TotalSeconds} s");
    }
}
