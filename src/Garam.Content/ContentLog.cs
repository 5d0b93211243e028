using Microsoft.Extensions.Logging;

namespace Garam.Content;

internal static partial class ContentLog
{
    [LoggerMessage(4001, LogLevel.Information, "The store was empty: it has first-look data now (30 users, 3 categories, and who follows whom)")]
    public static partial void FirstLookDataWritten(this ILogger logger);

    [LoggerMessage(4003, LogLevel.Warning, "content.db does not know {Records} records of post.original: it was deleted or restored from a copy, or other programs have written "
        + "to the topic. New posts get ids above all that the log has seen, and the read models are filled again")]
    public static partial void StoreDoesNotContinueLog(this ILogger logger, long records);

    [LoggerMessage(4002, LogLevel.Information, "Posts are judged by the policy {Policy}")]
    public static partial void ModerationPolicy(this ILogger logger, string policy);
}
