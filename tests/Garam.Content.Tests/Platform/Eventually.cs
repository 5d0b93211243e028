namespace Garam.Content.Tests.Platform;

/// <summary>Awaits what other threads bring about. Fails with what was seen last, not with "timeout".</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task IsAsync<T>(T expected, Func<Task<T>> read)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (true)
        {
            var actual = await read();
            if (EqualityComparer<T>.Default.Equals(actual, expected))
                return;
            if (deadline.IsCancellationRequested)
                actual.ShouldBe(expected, $"still so after {Patience.TotalSeconds} s");
            await timer.WaitForNextTickAsync();
        }
    }
}
