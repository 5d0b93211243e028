namespace Garam.Broker.Tests;

/// <summary>Awaits what clients and the broker bring about on their own threads; fails with the last state seen.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task IsAsync<T>(T expected, Func<T> read) => IsAsync(expected, () => Task.FromResult(read()));

    public static async Task IsAsync<T>(T expected, Func<Task<T>> read)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!EqualityComparer<T>.Default.Equals(await read(), expected) && !deadline.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        (await read()).ShouldBe(expected, $"still so after {Patience.TotalSeconds} s");
    }
}
