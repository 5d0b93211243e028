using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Faults.Brokers;
using Garam.Faults.Checking;
using Garam.Faults.Histories;
using Garam.Faults.Nemesis;
using Garam.Faults.Workload;

namespace Garam.Faults.Runs;

/// <summary>One run: a broker, clients that work, faults that strike, and at the end an auditor and the checker.</summary>
internal sealed class FaultRun
{
    private const int SmallDiskMegabytes = 400;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Scenario _scenario;
    private readonly RunOptions _options;
    private readonly Random _random;
    private readonly string _folder;
    private readonly Progress _progress = new();
    private readonly Dictionary<string, int> _struck = [];
    private HistoryRecorder _history = null!;
    private Stage _stage = null!;

    private FaultRun(RunOptions options)
    {
        _options = options;
        _scenario = Scenario.Of(options.Seed);
        _random = new Random(options.Seed ^ 0x6a6a);
        _folder = Path.Combine(options.Folder, $"garam-faults-{options.Seed}-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..4]}");
    }

    /// <summary>Runs, and says what the checker found. A good run leaves nothing behind.</summary>
    public static Task<RunResult> RunAsync(RunOptions options, CancellationToken cancellationToken)
    {
        return new FaultRun(options).RunAsync(cancellationToken);
    }

    private async Task<RunResult> RunAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder);
        using var disk = _scenario.OnSmallDisk ? SmallDisk.TryMount(Path.Combine(_folder, "data"), SmallDiskMegabytes) : null;
        using (_history = new HistoryRecorder(Path.Combine(_folder, "history.ndjson")))
        {
            _stage = new Stage(_folder, Scenario.BrokerSettings, _progress) { Disk = disk, Clock = _scenario.ClockJumps ? FakeClock.TryCreate(_folder) : null };
            await using (_stage)
            {
                await PlayAsync(cancellationToken);
            }
        }

        var anomalies = Checker.Check(HistoryFile.Read(File.ReadLines(_history.Path)));
        Tidy(isGood: anomalies.Count == 0, disk);
        return ResultOf(anomalies);
    }

    private async Task PlayAsync(CancellationToken cancellationToken)
    {
        _history.Add(new HistoryEvent { Operation = Operation.Run, Outcome = Outcome.Ok, Settings = _scenario.ToSettings(), Note = _scenario.ToString() });
        Load? load = null;
        try
        {
            await _stage.StartAsync(cancellationToken);
            await CreateTopicsAsync();
            load = Load.Start(_stage.Proxy.Address, () => _stage.Broker, _scenario, _history, _progress);
            await StrikeAsync(cancellationToken);
            await AuditAsync(load, cancellationToken);
        }
        catch (Exception exception) when (exception is BrokerEndedException or KafkaException or IOException or TimeoutException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            _history.Add(new HistoryEvent { Client = "run", Operation = Operation.Await, Outcome = Outcome.Fail, Note = $"the run ended early: {exception.Message}" });
        }
        finally
        {
            await (load?.StopReadingAsync() ?? Task.CompletedTask);
        }
    }

    private async Task CreateTopicsAsync()
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = _stage.Proxy.Address }).Build();
        await admin.CreateTopicsAsync(_scenario.ToSettings().Topics.Keys.Select(topic => new TopicSpecification
        {
            Name = topic, NumPartitions = Scenario.Partitions, ReplicationFactor = 1, Configs = _scenario.ConfigsOf(topic),
        }));
    }

    private async Task StrikeAsync(CancellationToken cancellationToken)
    {
        var faults = new Nemesis.Faults(_stage, _random, _options.OnlyKills);
        for (var strike = 0; strike < _options.Faults; strike++)
        {
            await WorkAsync(cancellationToken);
            var (name, what) = await faults.StrikeAsync(cancellationToken);
            _struck[name] = _struck.GetValueOrDefault(name) + 1;
            _history.Add(new HistoryEvent { Client = "nemesis", Operation = Operation.Fault, Outcome = Outcome.Ok, Note = $"{name} {what}".Trim() });
        }

        await WorkAsync(cancellationToken);
    }

    /// <summary>Until so many sends and some reads have succeeded, and mostly a commit, too, for which the group must have come together again.</summary>
    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        var (sends, reads) = (_progress.Acknowledged + _random.Next(_options.Sends / 10, _options.Sends), _progress.Read + 50);
        var commits = _progress.Committed + (_random.Next(3) == 0 ? 0 : 1);
        var (least, waited) = (long.MaxValue, Stopwatch.StartNew());
        while (Missing() is > 0 and var missing)
        {
            if (missing < least)
            {
                least = missing;
                waited.Restart();
            }
            else if (waited.Elapsed > Patience)
            {
                throw new TimeoutException($"nothing has succeeded for {Patience.TotalSeconds} s: {_progress.Acknowledged} of {sends} sends, {_progress.Read} of {reads} reads and {_progress.Committed} of {commits} commits are done");
            }

            await Task.Delay(5, cancellationToken);
        }

        long Missing() => Math.Max(0, sends - _progress.Acknowledged) + Math.Max(0, reads - _progress.Read) + Math.Max(0, commits - _progress.Committed);
    }

    private async Task AuditAsync(Load load, CancellationToken cancellationToken)
    {
        await load.StopWritingAsync().WaitAsync(Patience, cancellationToken);
        var audit = new Audit(new Clients(_stage.Proxy.Address, _scenario, _history, _progress, cancellationToken));
        audit.AwaitGroup();
        await load.StopReadingAsync();
        await load.Observer.LookAtAllAsync(cancellationToken);
        await _stage.KillStartingAsync(cancellationToken);
        await _stage.StartAsync(cancellationToken);
        await load.Observer.LookAtAllAsync(cancellationToken);
        audit.ReadAll();
    }

    private void Tidy(bool isGood, SmallDisk? disk)
    {
        if (!isGood && disk is not null)
        {
            disk.CopyTo(Path.Combine(_folder, "data-of-the-small-disk"));
        }

        disk?.Dispose();
        if (isGood)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private RunResult ResultOf(IReadOnlyList<Anomaly> anomalies) => new()
    {
        Scenario = _scenario,
        Anomalies = anomalies,
        Kills = _stage.Kills,
        IdleKills = _stage.IdleKills,
        CutShort = _stage.CutShort,
        Faults = _struck,
        Acknowledged = _progress.Acknowledged,
        Read = _progress.Read,
        Committed = _progress.Committed,
        Folder = anomalies.Count == 0 ? null : _folder,
    };
}
