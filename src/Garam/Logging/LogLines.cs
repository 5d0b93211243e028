using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Garam.Logging;

/// <summary>
/// Logs as lines on stderr: <c>06:27:39.283Z warn: Garam.Broker.Network[1001] Closed the connection of ...</c>. The console logger of the framework
/// writes the same, but brings dependency injection, options and JSON with it, which cost more than a broker that has nothing to say.
/// </summary>
/// <remarks>
/// Who logs never waits for who reads stderr: a thread of its own writes, from the first line on. When too much waits to be written, lines are left
/// out, and their number is told.
/// </remarks>
internal sealed class LogLines(LogLevel ours, TextWriter output, TimeProvider time) : ILoggerFactory, ILoggerProvider
{
    private const int MostWaiting = 4096;
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly BlockingCollection<string> _waiting = new(MostWaiting);
    private readonly Lock _starting = new();
    private Thread? _writer;
    private int _leftOut;

    public ILogger CreateLogger(string categoryName) =>
        new Category(this, categoryName, categoryName.StartsWith(nameof(Garam), StringComparison.Ordinal) ? ours : LogLevel.Warning);

    /// <exception cref="NotSupportedException">Always: there is nothing but lines.</exception>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Logs are lines on stderr.");

    /// <summary>Writes what still waits, unless nobody reads it.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        lock (_starting) _writer?.Join(LastWords);
    }

    private void Add(string line)
    {
        try
        {
            if (!_waiting.TryAdd(line)) Interlocked.Increment(ref _leftOut);
        }
        catch (InvalidOperationException)
        {
            return; // the process ends, and somebody still has something to say
        }
        if (_writer is null) StartWriter();
    }

    private void StartWriter()
    {
        lock (_starting)
        {
            if (_writer is not null) return;
            _writer = new Thread(Write) { IsBackground = true, Name = "garam-log" };
            _writer.Start();
        }
    }

    private void Write()
    {
        foreach (var line in _waiting.GetConsumingEnumerable())
        {
            output.WriteLine(line);
            if (Interlocked.Exchange(ref _leftOut, 0) is > 0 and var count) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Words.Count(count, "line was", "lines were")} left out here"));
        }
    }

    private string Line(string category, LogLevel level, int id, string message, Exception? exception)
    {
        var text = exception is null ? message : $"{message} {exception}";
        return string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():HH:mm:ss.fff'Z'} {Word(level)}: {category}[{id}] {text.ReplaceLineEndings(" ")}");
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };

    private sealed class Category(LogLines lines, string name, LogLevel minimum) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= minimum && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) lines.Add(lines.Line(name, logLevel, eventId.Id, formatter(state, exception), exception));
        }
    }
}
