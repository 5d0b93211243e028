using System.Collections.Concurrent;
using Garam.Broker.Log;
using Microsoft.Extensions.Logging;

namespace Garam.Broker.Tests.Log;

/// <summary>A data directory of a test, with one partition in it that is opened, stopped and crashed at will.</summary>
internal sealed class LogFolder : IAsyncDisposable
{
    public static readonly TopicPartition Partition = new("topic", 0);
    public static readonly Guid TopicId = Guid.Parse("0190a5b2-1111-7222-8333-444455556666");
    private LogManager? _manager;

    public string Path { get; } = Directory.CreateTempSubdirectory("garam-log-").FullName;

    public string PartitionPath => System.IO.Path.Combine(Path, Partition.ToString());

    public TestClock Clock { get; } = new();

    /// <summary>What the log has said.</summary>
    public ConcurrentQueue<string> Messages { get; } = new();

    public LogManagerOptions Options { get; set; } = new();

    public LogConfig Config { get; set; } = new();

    public LogManager Manager => _manager ?? throw new InvalidOperationException("open the log first");

    public PartitionLog Open()
    {
        _manager = LogManager.Open(Path, Options, new Recorder(Messages), Clock, CancellationToken.None);
        var log = _manager.Find(Partition);
        log?.UpdateConfig(Config);
        return log ?? _manager.Create(Partition, TopicId, Config);
    }

    public async Task<PartitionLog> RestartAsync()
    {
        await StopAsync();
        return Open();
    }

    public async Task StopAsync()
    {
        await Manager.DisposeAsync();
        _manager = null;
    }

    /// <summary>What is on disk now, as a process would find it that starts after this one was killed.</summary>
    public LogFolder CrashCopy()
    {
        var copy = new LogFolder { Config = Config };
        foreach (var file in Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories))
        {
            var target = System.IO.Path.Combine(copy.Path, System.IO.Path.GetRelativePath(Path, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            try
            {
                File.Copy(file, target);
            }
            catch (FileNotFoundException)
            {
                // removed behind the test's back: a process that was killed at this moment would not have left it either
            }
        }
        return copy;
    }

    public async ValueTask DisposeAsync()
    {
        if (_manager is not null)
        {
            await _manager.DisposeAsync();
        }
        Directory.Delete(Path, recursive: true);
    }

    private sealed class Recorder(ConcurrentQueue<string> messages) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            messages.Enqueue(formatter(state, exception));
    }
}
