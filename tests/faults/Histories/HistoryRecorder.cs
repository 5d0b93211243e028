using System.Diagnostics;

namespace Garam.Faults.Histories;

/// <summary>Writes what all clients do into one file, in the order in which it happens.</summary>
internal sealed class HistoryRecorder(string path) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StreamWriter _writer = new(path, append: true, new System.Text.UTF8Encoding(false), bufferSize: 1 << 16);
    private readonly long _began = Stopwatch.GetTimestamp();

    public string Path { get; } = path;

    /// <summary>Adds one line; the time is filled in here, under the lock that orders the lines.</summary>
    public void Add(HistoryEvent line)
    {
        lock (_gate)
        {
            _writer.WriteLine(HistoryFile.Write(line with { Time = (long)Stopwatch.GetElapsedTime(_began).TotalMilliseconds }));
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _writer.Dispose();
        }
    }
}
