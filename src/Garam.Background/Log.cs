using Microsoft.Extensions.Logging;

namespace Garam.Background;

internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Error, "{Work} failed and will be retried")]
    public static partial void Failed(ILogger logger, Exception exception, string work);

    [LoggerMessage(101, LogLevel.Critical, "{Work} failed and has stopped")]
    public static partial void Stopped(ILogger logger, Exception exception, string work);
}
