using Garam.Faults.Runs;

namespace Garam.Faults.Tests;

/// <summary>A few short runs of the harness, with seeds that do not change: what <c>tests/faults/run</c> does for as long as one likes.</summary>
public sealed class SliceTests(ITestOutputHelper output)
{
    /// <summary>Idempotent and not; flushed and not; plain and compressed; on a small disk and with a clock that jumps, where that can be had.</summary>
    [Theory]
    [InlineData(24)]
    [InlineData(15)]
    [InlineData(10)]
    public async Task Nothing_that_was_promised_is_broken_by_kills_damage_freezes_and_resets(int seed)
    {
        var result = await FaultRun.RunAsync(new RunOptions { Seed = seed, Faults = 4, Sends = 400 }, TestContext.Current.CancellationToken);
        output.WriteLine(result.ToString());
        result.Anomalies.ShouldBeEmpty(result.ToString());
        result.Acknowledged.ShouldBeGreaterThan(0);
    }
}
