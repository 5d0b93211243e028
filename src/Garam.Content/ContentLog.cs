using Microsoft.Extensions.Logging;

namespace Garam.Content;

internal static partial class ContentLog
{
    [LoggerMessage(4001, LogLevel.Information, "The store was empty: it has first-look data now (30 users, 3 categories, and who follows whom)")]
    public static partial void FirstLookDataWritten(this ILogger logger);

    [LoggerMessage(4002, LogLevel.Information, "Posts are judged by the policy {Policy}")]
    public static partial void ModerationPolicy(this ILogger logger, string policy);
}
