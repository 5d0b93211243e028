using System.Diagnostics;
using System.Globalization;
using Garam.Broker.Tests.Log;

namespace Garam.Broker.Tests.PowerLoss;

/// <summary>
/// The power goes after every single thing that was done to the disk, and what was not synced is lost in part, torn and out of order. Whatever seed fails is
/// named; <c>GARAM_POWER_LOSS_SECONDS</c> has new ones tried for that long.
/// </summary>
public sealed class PowerLossTests(ITestOutputHelper output)
{
    private const int Steps = 120;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_was_acknowledged_outlives_a_power_cut_at_any_moment(int seed) => output.WriteLine($"{CutEverywhere(seed, every: 5)} power cuts");

    [Fact]
    public void New_seeds_hold_as_long_as_there_is_time()
    {
        var seconds = Environment.GetEnvironmentVariable("GARAM_POWER_LOSS_SECONDS");
        Assert.SkipWhen(string.IsNullOrEmpty(seconds), "GARAM_POWER_LOSS_SECONDS says for how long new seeds are tried");
        var time = TimeSpan.FromSeconds(double.Parse(seconds!, CultureInfo.InvariantCulture));
        var (watch, seed, cuts) = (Stopwatch.StartNew(), Random.Shared.Next(), 0);
        for (; watch.Elapsed < time; seed++)
        {
            cuts += CutEverywhere(seed, every: 1);
        }
        output.WriteLine($"{cuts} power cuts in {watch.Elapsed.TotalSeconds:F0} s, the last seed was {seed}");
    }

    private static int CutEverywhere(int seed, int every)
    {
        var root = new DirectoryNode { Entries = { ["data"] = new DirectoryNode() } };
        var disk = new SimulatedDisk(root);
        var cut = new PowerCut(root);
        var clock = new TestClock();
        new PowerLossWorkload(seed, disk, clock).Run(Steps);
        var promises = new Promises();
        for (var moment = 0; moment < disk.Journal.Count; moment++)
        {
            if (moment % every == 0)
            {
                try
                {
                    CheckAfter(cut.Leave(new Random(seed ^ moment)), promises, clock.Milliseconds, seed ^ moment, depth: 0);
                }
                catch (Exception failure)
                {
                    throw new InvalidOperationException($"seed {seed}, after {moment} of {disk.Journal.Count} steps, the next one {disk.Journal[moment]}: {failure.Message}", failure);
                }
            }
            cut.Follow(disk.Journal[moment]);
            (disk.Journal[moment] as Promise)?.Make(promises);
        }
        return disk.Journal.Count / every;
    }

    /// <summary>Recovers, checks, goes on, and in every fourth case lets the power go again on the way.</summary>
    private static void CheckAfter(DirectoryNode left, Promises promises, long now, int seed, int depth)
    {
        var cut = new PowerCut(left);
        var disk = new SimulatedDisk(left);
        var clock = new TestClock();
        clock.Advance(TimeSpan.FromMilliseconds(now - clock.Milliseconds));
        var broker = BrokerOnDisk.Start(disk, clock);
        var checker = new PowerLossChecker(broker, promises = promises.Clone());
        checker.Check();
        var before = promises.Clone();
        checker.GoOn(make => { make(promises); disk.Journal.Add(new Promise(make)); }, depth);
        broker.Kill();
        if (depth == 2 || seed % 4 != 0)
        {
            return;
        }
        var random = new Random(seed);
        foreach (var step in disk.Journal.Take(random.Next(disk.Journal.Count + 1)))
        {
            cut.Follow(step);
            (step as Promise)?.Make(before);
        }
        CheckAfter(cut.Leave(random), before, now, seed / 4, depth + 1);
    }
}
