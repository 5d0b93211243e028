using System.Net;
using Garam.Faults.Brokers;
using Garam.Faults.Workload;

namespace Garam.Faults.Nemesis;

/// <summary>The broker that things are done to, its files, and the way to it.</summary>
internal sealed class Stage(string folder, IReadOnlyList<string> settings, Progress progress) : IAsyncDisposable
{
    /// <summary>Long, because the machine may be busy with other things: a broker that is not ready by then hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private BrokerProcess? _broker;

    public string Folder { get; } = folder;

    public string DataFolder { get; } = Path.Combine(folder, "data");

    public ResettingProxy Proxy { get; } = new();

    public Progress Progress { get; } = progress;

    /// <summary>Null: the wall clock is the machine's.</summary>
    public FakeClock? Clock { get; init; }

    /// <summary>Null: the data lie where everything lies.</summary>
    public SmallDisk? Disk { get; init; }

    /// <summary>Kills with something under way; those without do not count.</summary>
    public int Kills { get; private set; }

    public int IdleKills { get; private set; }

    /// <summary>What was under way in all kills together.</summary>
    public (long Sends, long Commits, long Changes) CutShort { get; private set; }

    /// <summary>Where the broker itself is; null while it is down.</summary>
    public IPEndPoint? Broker => Proxy.Target;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Launch();
        try
        {
            Proxy.Target = await _broker!.WhenReadyAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"the broker was not ready {Patience.TotalSeconds} s after its start");
        }
    }

    /// <summary>Starts the process and does not wait for anything.</summary>
    public void Launch() => _broker = BrokerProcess.Launch(Folder, Proxy.Address, settings, Clock?.Environment);

    /// <summary>SIGKILL while clients work.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        var inFlight = Progress.InFlight;
        await EndAsync(broker => broker.KillAsync(cancellationToken));
        CutShort = (CutShort.Sends + inFlight.Sends, CutShort.Commits + inFlight.Commits, CutShort.Changes + inFlight.Changes);
        (Kills, IdleKills) = inFlight is (0, 0, 0) ? (Kills, IdleKills + 1) : (Kills + 1, IdleKills);
    }

    /// <summary>SIGKILL of a process that may not serve yet.</summary>
    public Task KillStartingAsync(CancellationToken cancellationToken) => EndAsync(broker => broker.KillAsync(cancellationToken));

    public Task StopAsync(CancellationToken cancellationToken) => EndAsync(broker => broker.StopAsync(cancellationToken));

    public void Freeze() => _broker!.Freeze();

    public void Thaw() => _broker!.Thaw();

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }

        await Proxy.DisposeAsync();
    }

    private async Task EndAsync(Func<BrokerProcess, Task> end)
    {
        await end(_broker!);
        Proxy.Target = null;
        await _broker!.DisposeAsync();
    }
}
