using Garam.Faults.Workload;

namespace Garam.Faults.Nemesis;

/// <summary>Everything that is done to a broker under load. Each ends with a broker that serves, and returns what was done.</summary>
internal sealed class Faults(Stage stage, Random random, bool onlyKills)
{
    private const int ShortestFreezeMs = 50, ShortFreezeMs = 700, LongFreezeMs = Member.SessionTimeoutMs + 700;

    private (string Name, Func<CancellationToken, Task<string>> Strike)[] Kinds => onlyKills ? [("kill", KillAsync)] :
    [
        ("kill", KillAsync), ("kill", KillAsync), ("damage", DamageAsync), ("damage", DamageAsync), ("storm", StormAsync), ("freeze", FreezeAsync), ("resets", ResetAsync), ("stop", StopAsync),
        .. stage.Disk is null ? [] : (ReadOnlySpan<(string, Func<CancellationToken, Task<string>>)>)[("full disk", FillDiskAsync), ("full disk", FillDiskAsync)],
        .. stage.Clock is null ? [] : (ReadOnlySpan<(string, Func<CancellationToken, Task<string>>)>)[("clock", JumpAsync), ("clock", JumpAsync)],
    ];

    /// <summary>One fault, drawn.</summary>
    public async Task<(string Name, string What)> StrikeAsync(CancellationToken cancellationToken)
    {
        var (name, strike) = Kinds[random.Next(Kinds.Length)];
        return (name, await strike(cancellationToken));
    }

    /// <summary>SIGKILL, and a start.</summary>
    public async Task<string> KillAsync(CancellationToken cancellationToken)
    {
        await stage.KillAsync(cancellationToken);
        await stage.StartAsync(cancellationToken);
        return "";
    }

    private async Task<string> DamageAsync(CancellationToken cancellationToken)
    {
        await stage.KillAsync(cancellationToken);
        var done = Enumerable.Range(0, random.Next(1, 4)).Select(_ => FileDamage.Do(stage.DataFolder, random.Next(FileDamage.Count), random)).ToList();
        await stage.StartAsync(cancellationToken);
        return string.Join("; ", done);
    }

    /// <summary>Kills the broker while it recovers, again and again.</summary>
    private async Task<string> StormAsync(CancellationToken cancellationToken)
    {
        await stage.KillAsync(cancellationToken);
        var times = random.Next(2, 5);
        for (var i = 0; i < times; i++)
        {
            stage.Launch();
            await Task.Delay(random.Next(50, 600), cancellationToken);
            await stage.KillStartingAsync(cancellationToken);
        }

        await stage.StartAsync(cancellationToken);
        return $"{times} starts cut short";
    }

    private async Task<string> FreezeAsync(CancellationToken cancellationToken)
    {
        var milliseconds = random.Next(3) == 0 ? LongFreezeMs : random.Next(ShortestFreezeMs, ShortFreezeMs);
        stage.Freeze();
        await Task.Delay(milliseconds, cancellationToken);
        if (random.Next(3) == 0)
        {
            await stage.KillAsync(cancellationToken);
            await stage.StartAsync(cancellationToken);
            return $"{milliseconds} ms, then killed";
        }

        stage.Thaw();
        return $"{milliseconds} ms";
    }

    private async Task<string> ResetAsync(CancellationToken cancellationToken)
    {
        var cut = 0;
        var times = random.Next(1, 6);
        for (var i = 0; i < times; i++)
        {
            cut += stage.Proxy.Reset();
            await Task.Delay(random.Next(5, 150), cancellationToken);
        }

        return $"{cut} sockets in {times} blows";
    }

    private async Task<string> StopAsync(CancellationToken cancellationToken)
    {
        await stage.StopAsync(cancellationToken);
        await stage.StartAsync(cancellationToken);
        return "in order";
    }

    private async Task<string> FillDiskAsync(CancellationToken cancellationToken)
    {
        stage.Disk!.Fill();
        await Task.Delay(random.Next(50, 700), cancellationToken);
        var killed = random.Next(2) == 0;
        if (killed)
        {
            await stage.KillAsync(cancellationToken);
        }

        stage.Disk.Free();
        if (killed)
        {
            await stage.StartAsync(cancellationToken);
        }

        return killed ? "and killed" : "";
    }

    private async Task<string> JumpAsync(CancellationToken cancellationToken)
    {
        int[] hours = [-200, -24, -2, 2, 24, 200];
        var jump = TimeSpan.FromHours(hours[random.Next(hours.Length)]);
        stage.Clock!.Set(jump);
        await Task.Delay(random.Next(100, 600), cancellationToken);
        if (random.Next(2) == 0)
        {
            await stage.KillAsync(cancellationToken);
            await stage.StartAsync(cancellationToken);
        }

        if (random.Next(2) == 0)
        {
            stage.Clock.Set(TimeSpan.Zero);
        }

        return $"{jump.TotalHours} h";
    }
}
