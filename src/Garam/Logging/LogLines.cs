using System.Collections.Concurrent;
using System.Globalization;
using Garam.Background;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Logging;

/// <summary>
/// Logs as lines on stderr: <c>06:27:39.283Z warn: Garam.Broker.Network[1001] Closed the connection of ...</c>. The console logger of the framework
/// writes the same, but brings dependency injection, options and JSON with it, which cost more than a broker that has nothing to say.
/// </summary>
/// <remarks>
/// Who logs never waits for who reads stderr, and a stderr that cannot be written (a full disk, a closed terminal) never stops the program: a thread
/// of its own writes, from the start on. Lines that cannot be written, or that find too many others waiting, are counted; the number is written as
/// soon as writing works.
/// </remarks>
internal sealed class LogLines : ILoggerFactory, ILoggerProvider
{
    private const int MostWaiting = 4096;
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly LogLevel _ours;
    private readonly TextWriter _output;
    private readonly TimeProvider _time;
    private readonly BlockingCollection<string> _waiting = new(MostWaiting);
    private readonly Thread _writer;
    private int _leftOut;

    /// <param name="ours">The least level of our own categories that is written; of others, warnings are.</param>
    /// <param name="output">Where the lines go. It may fail.</param>
    /// <param name="time">The clock of the lines.</param>
    public LogLines(LogLevel ours, TextWriter output, TimeProvider time)
    {
        (_ours, _output, _time) = (ours, output, time);
        // It cannot log its own failures: they are counted instead.
        _writer = new BackgroundWork(NullLogger.Instance).RunThread("garam-log", Write, OnFailure.Restart());
    }

    public ILogger CreateLogger(string categoryName) =>
        new Category(this, categoryName, categoryName.StartsWith(nameof(Garam), StringComparison.Ordinal) ? _ours : LogLevel.Warning);

    /// <exception cref="NotSupportedException">Always: there is nothing but lines.</exception>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Logs are lines on stderr.");

    /// <summary>Writes what still waits, unless nobody reads it.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        _writer.Join(LastWords);
    }

    private void Add(string line)
    {
        try
        {
            if (!_waiting.TryAdd(line)) Interlocked.Increment(ref _leftOut);
        }
        catch (InvalidOperationException)
        {
            // The process ends, and another thread still logs.
        }
    }

    private void Write()
    {
        foreach (var line in _waiting.GetConsumingEnumerable())
        {
            if (!TryWrite(line)) Interlocked.Increment(ref _leftOut);
            else if (Interlocked.Exchange(ref _leftOut, 0) is > 0 and var count && !TryWrite(LeftOut(count))) Interlocked.Add(ref _leftOut, count);
        }
    }

    private bool TryWrite(string line)
    {
        try
        {
            _output.WriteLine(line);
            return true;
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string LeftOut(int count) => $"{Words.Count(count, "line was", "lines were")} left out here";

    private string Line(string category, LogLevel level, int id, string message, Exception? exception)
    {
        var text = exception is null ? message : $"{message} {exception}";
        return string.Create(CultureInfo.InvariantCulture, $"{_time.GetUtcNow():HH:mm:ss.fff'Z'} {Word(level)}: {category}[{id}] {text.ReplaceLineEndings(" ")}");
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
        private const string Host = "Microsoft.Extensions.Hosting.Internal.Host";
        private const int HostedServiceStartupFaulted = 11;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= minimum && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel) && !IsFailedStart(eventId)) lines.Add(lines.Line(name, logLevel, eventId.Id, formatter(state, exception), exception));
        }

        /// <summary>The host logs why it did not start, with a stack trace, and throws it as well: the command says it in one line.</summary>
        private bool IsFailedStart(EventId eventId) => eventId.Id == HostedServiceStartupFaulted && name == Host;
    }
}
