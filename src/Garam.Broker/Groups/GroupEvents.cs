using Microsoft.Extensions.Logging;

namespace Garam.Broker.Groups;

/// <summary>What the coordinator logs: 1200 to 1299.</summary>
internal static partial class GroupEvents
{
    [LoggerMessage(1200, LogLevel.Information, "{Count} groups are back from the log.")]
    public static partial void Restored(ILogger logger, int count);

    [LoggerMessage(1201, LogLevel.Debug, "Group {Group} is in generation {Generation} with {Members} members.")]
    public static partial void NewGeneration(ILogger logger, string group, int generation, int members);

    [LoggerMessage(1202, LogLevel.Information, "{Count} offsets of group {Group} have expired.")]
    public static partial void OffsetsExpired(ILogger logger, string group, int count);

    [LoggerMessage(1203, LogLevel.Error, "The topic of the committed offsets cannot be made: no group can form.")]
    public static partial void NoOffsetsLog(ILogger logger, Exception exception);
}
