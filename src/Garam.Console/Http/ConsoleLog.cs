using Garam.Operations;
using Microsoft.Extensions.Logging;

namespace Garam.Console.Http;

/// <summary>What the console logs: every change that it makes or refuses, and what could not be done.</summary>
internal static partial class ConsoleLog
{
    [LoggerMessage(1750, LogLevel.Information, "{Method} {Path}: done")]
    public static partial void Changed(ILogger logger, string method, string path);

    [LoggerMessage(1751, LogLevel.Warning, "{Method} {Path}: {Kind}: {Reason}")]
    public static partial void Failed(ILogger logger, string method, string path, FailureKind kind, string reason);

    [LoggerMessage(1752, LogLevel.Information, "Re-drive {Id} begun: {Letters} letters of {Topic}")]
    public static partial void RedriveBegun(ILogger logger, string id, long letters, string topic);
}
