using Garam.Bench.Report;
using Garam.Bench.Servers;
using Garam.Bench.Work;

namespace Garam.Bench;

/// <summary>
/// One run. The servers are all up and idle but for the one that is being measured; every round asks every one of them, so that what the
/// machine does to one of them in a bad minute it does to all.
/// <code>
///             1k     100b   paced
/// round 1    K G E F  G E F K  E F K G      K Kafka, G garam, E embedded, F floor
/// round 2    G E F K  ...                   another begins each time
/// </code>
/// </summary>
internal sealed class Run(Plan plan, string root, ResultFile results) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("garam-bench-").FullName;

    public void Execute()
    {
        var kinds = ServerKind.Find(plan.Servers, root);
        if (plan.Pins) ProcessTree.PinTo(Environment.ProcessId, 1);
        TouchMemory();
        MeasureStarts(kinds);
        if (plan.Loads().Count > 0) MeasureLoads(kinds, plan.Loads(), withMemory: true);
        if (plan.Spreads().Count > 0) MeasureLoads([.. kinds.Where(kind => plan.Spreads().Any(load => load.Suits(kind)))], plan.Spreads(), withMemory: false);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void MeasureStarts(IReadOnlyList<ServerKind> kinds)
    {
        if (!plan.Wants(Starts.Row) && !plan.Wants(Starts.IdleRow)) return;
        var starts = new Starts(Path.Combine(_folder, "starts"));
        var processes = kinds.Where(kind => kind.Name is ServerKind.Kafka or ServerKind.Garam).ToList();
        for (var round = 0; round <= plan.Rounds; round++)
        {
            foreach (var kind in processes) Keep(starts.Measure(kind), round);
        }
        if (kinds.Any(kind => kind.Name == ServerKind.Embedded)) results.Add(Starts.MeasureWarm(plan.Rounds + 1));
    }

    private void MeasureLoads(IReadOnlyList<ServerKind> kinds, IReadOnlyList<Workload> loads, bool withMemory)
    {
        var folder = Path.Combine(_folder, withMemory ? "loads" : "spreads");
        var servers = new List<Server>();
        try
        {
            foreach (var kind in kinds) servers.Add(Start(kind, folder));
            for (var round = 1 - plan.WarmUps; round <= plan.Rounds; round++)
            {
                foreach (var load in loads) MeasureRound(load, servers, round, withMemory);
            }
        }
        finally
        {
            foreach (var server in servers) server.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }

    private void MeasureRound(Workload load, List<Server> servers, int round, bool withMemory)
    {
        for (var turn = 0; turn < servers.Count; turn++)
        {
            var server = servers[(turn + round + plan.WarmUps) % servers.Count];
            if (!load.Suits(server.Kind)) continue;
            var measured = load.Measure(server);
            Keep(measured, round);
            if (withMemory) Keep([new Measurement("resident-loaded", server.Kind.Name) { ResidentBytes = measured.Max(one => one.ResidentBytes) }], round);
        }
    }

    private Server Start(ServerKind kind, string folder)
    {
        var server = Server.Start(kind, Path.Combine(folder, kind.Name));
        if (plan.Pins) server.Processes.PinTo(0);
        return server;
    }

    private void Keep(IReadOnlyList<Measurement> measured, int round)
    {
        if (round > 0) results.Add([.. measured.Select(one => one with { Round = round })]);
        Console.Error.WriteLine($"bench: {(round > 0 ? $"round {round}" : "warm-up")} {measured[0].Server} {string.Join(" ", measured.Select(Summary))}");
    }

    private static string Summary(Measurement one) => one switch
    {
        { P99: { } p99 } => $"{one.Row} {one.CpuSeconds / one.Records * 1e6:0.0} µs p99 {p99:0} µs",
        { CpuSeconds: { } cpu, Bytes: { } bytes } => $"{one.Row} {cpu / bytes * 1e9:0.000} s/GB {bytes / one.WallSeconds / 1e6:0} MB/s",
        { ResidentBytes: { } resident } => $"{one.Row} {resident / 1e6:0} MB",
        _ => $"{one.Row} {one.WallSeconds:0.000} s",
    };

    /// <summary>
    /// The first use of a page of memory costs a virtual machine more than all later ones: without this the first rounds pay for it.
    /// </summary>
    private void TouchMemory()
    {
        if (plan.IsQuick) return;
        var file = Path.Combine(_folder, "touch");
        using (var handle = File.OpenHandle(file, FileMode.CreateNew, FileAccess.Write))
        {
            var megabytes = new byte[4 * 1024 * 1024];
            for (var at = 0L; at < 3L * 1024 * 1024 * 1024; at += megabytes.Length) RandomAccess.Write(handle, megabytes, at);
        }
        File.Delete(file);
    }
}
