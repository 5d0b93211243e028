using Garam.Broker.Log;
using Microsoft.Extensions.Logging;

namespace Garam.Broker.Topics;

/// <summary>
/// Partition directories that the metadata does not mention. Nothing is removed that is not known to have been deleted: they are kept as <c>TOPIC-N.ID-stray</c>, and
/// reported at every start until an operator restores or removes them.
/// </summary>
internal static class StrayPartitions
{
    private const int MostNamed = 10;
    private const string Page = "docs/durability.md, \"Stray partitions\"";

    public static void Report(LogManager logs, MetadataLog metadata, ILogger logger)
    {
        if (metadata.Damage.Count > 0)
        {
            var problem = $"{TopicName.Metadata}-0 is damaged at offset {string.Join(", ", metadata.Damage.Take(MostNamed).Select(damage => damage.Offset))}: "
                + $"topics or settings written there are missing. Restore {TopicName.Metadata}-0 from a copy, or define them again ({Page}).";
            logs.Problems.Report("metadata", problem);
            logger.MetadataDamaged($"{problem} {string.Join("; ", metadata.Damage.Take(MostNamed).Select(damage => damage.What))}");
        }
        var strays = logs.StrayDirectories;
        if (strays.Count > 0)
        {
            var more = strays.Count > MostNamed ? $" and {strays.Count - MostNamed} more" : "";
            var problem = $"{strays.Count} partition {(strays.Count == 1 ? "directory belongs" : "directories belong")} to no known topic and {(strays.Count == 1 ? "is" : "are")} kept: "
                + $"{string.Join(", ", strays.Take(MostNamed))}{more}. To restore or remove {(strays.Count == 1 ? "it" : "them")}, see {Page}.";
            logs.Problems.Report("stray partitions", problem);
            logger.StraysKept(problem);
        }
    }
}
