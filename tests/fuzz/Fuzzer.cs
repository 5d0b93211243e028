using System.Diagnostics;
using Garam.Fuzz.Batches;
using Garam.Fuzz.Requests;
using Garam.Fuzz.Streams;

namespace Garam.Fuzz;

/// <summary>Runs targets, epoch after epoch, and judges what every one of them must keep: no surprise, no hang, no memory beyond the limit.</summary>
internal sealed class Fuzzer(FuzzOptions options, Action<string> say)
{
    private const int MaxFindings = 20;

    private static readonly (string Name, int Share, Func<FuzzOptions, Random, IFuzzTarget> Make)[] Targets =
    [
        ("requests", 6, (_, random) => new RequestTarget(random)),
        ("batches", 3, (options, random) => new BatchTarget(random, options.KeepDirectory)),
        ("streams", 1, (_, random) => new StreamTarget(random)),
    ];

    private readonly FuzzReport _report = new();

    public FuzzReport Run()
    {
        using var watchdog = new Watchdog();
        var targets = Targets.Where(target => options.Target is null || target.Name == options.Target)
            .SelectMany(target => Enumerable.Repeat(target, target.Share)).ToArray();
        if (targets.Length == 0) throw new ArgumentException($"there is no target {options.Target}", nameof(options));
        var watch = Stopwatch.StartNew();
        for (var epoch = options.FirstEpoch; _report.Inputs < options.Inputs && _report.Findings.Count < MaxFindings; epoch++)
        {
            var (name, _, make) = targets[epoch % targets.Length];
            RunEpoch(name, epoch, make, watchdog);
            if (epoch % 20 == 19) say($"{_report.Inputs:n0} inputs in {watch.Elapsed.TotalSeconds:n0} s, {_report.Findings.Count} findings, {_report.PeakResident >> 20} MB resident at most");
        }
        _report.Elapsed = watch.Elapsed;
        return _report;
    }

    private void RunEpoch(string name, int epoch, Func<FuzzOptions, Random, IFuzzTarget> make, Watchdog watchdog)
    {
        var where = new FuzzPlace(name, options.Seed, epoch);
        using var target = make(options, new Random(HashCode(options.Seed, epoch)));
        for (var i = 0; i < options.InputsPerEpoch && _report.Inputs < options.Inputs; i++)
        {
            var input = target.Next();
            watchdog.Begin(where, input, options.Patience);
            Take(target, where, input);
            watchdog.End();
        }
        watchdog.Begin(where, default, options.PatienceAtTheEnd);
        Guard(where, default, target.Finish);
        watchdog.End();
        if (_report.LookAtMemory() > options.MaxResidentBytes)
            _report.Add(where, default, new BrokenPromiseException($"the process holds {_report.PeakResident:n0} bytes"));
    }

    private void Take(IFuzzTarget target, FuzzPlace where, ReadOnlyMemory<byte> input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Guard(where, input, () => _report.Count(where.Target, target.Take(input.Span)));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (_report.Allocated(where.Target, allocated) > target.MaxAllocation(input.Length))
            _report.Add(where, input, new BrokenPromiseException($"{input.Length:n0} bytes made the broker allocate {allocated:n0}"));
    }

    /// <summary>The one place where every exception is caught: which of them are foreseen is for the target to know.</summary>
    private void Guard(FuzzPlace where, ReadOnlyMemory<byte> input, Action action)
    {
        try
        {
            action();
        }
        catch (Exception surprise)
        {
            if (_report.Add(where, input, surprise)) say(_report.Findings[^1]);
        }
    }

    /// <summary>Unlike System.HashCode, the same in every process.</summary>
    private static int HashCode(int seed, int epoch) => unchecked((int)(((uint)seed * 0x9E3779B1u) ^ ((uint)epoch * 0x85EBCA6Bu)));
}
