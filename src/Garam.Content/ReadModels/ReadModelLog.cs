using Microsoft.Extensions.Logging;

namespace Garam.Content.ReadModels;

internal static partial class ReadModelLog
{
    [LoggerMessage(4101, LogLevel.Information, "{Store} is new, or content.db is not the one that it was filled for: group {Group} fills it from the oldest records")]
    public static partial void ReadModelIsNew(this ILogger logger, string store, string group);

    [LoggerMessage(4102, LogLevel.Warning, "{Store} cannot be used and was moved to {Aside}; a new one is filled from the log. {Reason}")]
    public static partial void ReadModelMovedAside(this ILogger logger, string store, string aside, string reason);
}
