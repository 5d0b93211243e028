namespace Garam.Acceptance;

/// <summary>Waits for what an event-driven system promises to become true, and says what was seen last when it does not.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    public static async Task<T> IsAsync<T>(Func<Task<T>> see, Predicate<T> expected, string what, CancellationToken ct)
    {
        using var interval = new PeriodicTimer(Interval);
        var deadline = TimeProvider.System.GetTimestamp() + (long)(Patience.TotalSeconds * TimeProvider.System.TimestampFrequency);
        while (true)
        {
            var seen = await see();
            if (expected(seen))
                return seen;
            if (TimeProvider.System.GetTimestamp() > deadline)
                throw new TimeoutException($"{what}: not within {Patience.TotalSeconds} s; last seen: {System.Text.Json.JsonSerializer.Serialize(seen)}");
            await interval.WaitForNextTickAsync(ct);
        }
    }
}
