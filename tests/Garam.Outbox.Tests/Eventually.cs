namespace Garam.Outbox.Tests;

/// <summary>Waits for what other threads do, by asking again and again; a test that waits in vain fails with what it waited for.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task IsTrueAsync(Func<bool> condition, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (!condition())
        {
            if (patience.IsCancellationRequested)
                throw new TimeoutException($"Never happened: {what}.");
            await timer.WaitForNextTickAsync();
        }
    }
}
