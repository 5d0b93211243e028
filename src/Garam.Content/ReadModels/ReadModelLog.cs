using Microsoft.Extensions.Logging;

namespace Garam.Content.ReadModels;

internal static partial class ReadModelLog
{
    [LoggerMessage(4101, LogLevel.Information, "{Store} is new, or content.db is not the one that it was filled for: group {Group} fills it from the oldest records")]
    public static partial void ReadModelIsNew(this ILogger logger, string store, string group);
}
