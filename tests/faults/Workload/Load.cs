using System.Net;
using Garam.Faults.Histories;
using Garam.Faults.Runs;

namespace Garam.Faults.Workload;

/// <summary>All clients of a run, each on a thread of its own. They stop in two steps: who writes first, so that who reads can come to the end.</summary>
internal sealed class Load
{
    private const int Writers = 2, Members = 2;

    private readonly CancellationTokenSource _stopWriting = new(), _stopReading = new();
    private readonly List<Task> _writing, _reading;

    private Load(string servers, Func<IPEndPoint?> broker, Scenario scenario, HistoryRecorder history, Progress progress)
    {
        var writing = new Clients(servers, scenario, history, progress, _stopWriting.Token);
        var reading = writing with { Stop = _stopReading.Token };
        Observer = new Observer(reading, broker);
        _writing =
        [
            .. Enumerable.Range(0, Writers).Select(number => OnThread(new Writer(writing, number).Run)),
            OnThread(() => new Trimmer(writing).RunAsync().GetAwaiter().GetResult()),
            OnThread(() => new TopicChurn(writing).RunAsync().GetAwaiter().GetResult()),
        ];
        _reading =
        [
            .. Enumerable.Range(0, Members).Select(number => OnThread(new Member(reading, number).Run)),
            .. new[] { Scenario.Kept, Scenario.Compacted, Scenario.Retained }.Select(topic => OnThread(new AssignedReader(reading, topic, 0).Run)),
            OnThread(() => Observer.RunAsync().GetAwaiter().GetResult()),
        ];
    }

    public Observer Observer { get; }

    public static Load Start(string servers, Func<IPEndPoint?> broker, Scenario scenario, HistoryRecorder history, Progress progress) =>
        new(servers, broker, scenario, history, progress);

    /// <summary>Completes when every send has ended.</summary>
    public async Task StopWritingAsync()
    {
        await _stopWriting.CancelAsync();
        await Task.WhenAll(_writing);
    }

    public async Task StopReadingAsync()
    {
        await _stopReading.CancelAsync();
        await Task.WhenAll(_reading);
    }

    private static Task OnThread(Action run) => Task.Factory.StartNew(run, TaskCreationOptions.LongRunning);
}
