namespace Garam.Outbox.Tests;

/// <summary>Waits for what other threads do, by asking again and again; a test that waits in vain fails with what it waited for.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task IsTrueAsync(Func<bool> condition, string what)
    {
        var until = DateTime.UtcNow + Patience;
        while (!condition())
        {
            if (DateTime.UtcNow > until)
                throw new TimeoutException($"Never happened: {what}.");
            await Task.Yield();
        }
    }
}
