using System.Diagnostics;
using System.Globalization;

namespace Garam.Faults.Runs;

/// <summary><c>run [--seed N] [--runs N | --minutes N | --kills N] [--faults N] [--sends N] [--folder DIR]</c>: run after run, with the seeds from N on, until enough is done or one is bad.</summary>
internal static class RunCommand
{
    public const string Name = "run";

    public static async Task<int> RunAsync(string[] args)
    {
        var flags = args.Chunk(2).ToDictionary(pair => pair[0], pair => pair.Length == 2 ? pair[1] : throw new ArgumentException($"{pair[0]} wants a value."));
        var seed = Number(flags, "--seed", 1);
        var (runs, minutes, kills) = (Number(flags, "--runs", int.MaxValue), Number(flags, "--minutes", int.MaxValue), Number(flags, "--kills", int.MaxValue));
        if ((runs, minutes, kills) is (int.MaxValue, int.MaxValue, int.MaxValue))
        {
            runs = 1;
        }

        var usual = new RunOptions { Seed = seed };
        var options = usual with
        {
            Faults = Number(flags, "--faults", usual.Faults),
            Sends = Number(flags, "--sends", usual.Sends),
            OnlyKills = kills < int.MaxValue,
            Folder = flags.GetValueOrDefault("--folder", usual.Folder),
        };
        var totals = new Totals();
        var began = Stopwatch.StartNew();
        while (totals.Runs < runs && began.Elapsed.TotalMinutes < minutes && totals.Kills < kills)
        {
            var result = await FaultRun.RunAsync(options with { Seed = seed++ }, CancellationToken.None);
            Console.WriteLine(result);
            totals.Add(result);
        }

        Console.WriteLine($"{totals} in {began.Elapsed:hh\\:mm\\:ss}");
        return totals.Bad == 0 ? 0 : 1;
    }

    private static int Number(Dictionary<string, string> flags, string name, int otherwise) =>
        flags.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private sealed class Totals
    {
        private long _sends, _commits, _changes, _acknowledged, _read;

        public int Runs { get; private set; }

        public int Bad { get; private set; }

        public int Kills { get; private set; }

        public void Add(RunResult result)
        {
            Runs++;
            Bad += result.Anomalies.Count > 0 ? 1 : 0;
            Kills += result.Kills;
            (_sends, _commits, _changes) = (_sends + result.CutShort.Sends, _commits + result.CutShort.Commits, _changes + result.CutShort.Changes);
            (_acknowledged, _read) = (_acknowledged + result.Acknowledged, _read + result.Read);
        }

        public override string ToString() =>
            $"{Runs} runs, {Bad} bad; {Kills} kills in work, {_sends} sends, {_commits} commits and {_changes} topic changes cut short; {_acknowledged} records acknowledged, {_read} read";
    }
}
