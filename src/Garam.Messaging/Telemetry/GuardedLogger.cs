using Garam.Background;
using Microsoft.Extensions.Logging;

namespace Garam.Messaging.Telemetry;

/// <summary>
/// A logger for poll threads, lanes and the client's callbacks. Logging throws when a provider does, and that must not end what is being logged about: health
/// shows it instead.
/// </summary>
internal sealed class GuardedLogger(ILogger logger, BackgroundWork work) : ILogger
{
    private const string Logging = "Logging";

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => logger.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return logger.IsEnabled(logLevel);
        }
        catch (Exception exception)
        {
            work.Failed(Logging, exception);
            return true;
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        work.RunOnce(Logging, () => logger.Log(logLevel, eventId, state, exception is null ? null : ExceptionText.ForLog(exception), formatter));
}
