using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Garam.Operations.Topics;

/// <summary>Offsets of many partitions at once, by one request for each broker.</summary>
public static class PartitionOffsets
{
    /// <summary>Offsets that satisfy a specification; a partition whose leader does not answer is null.</summary>
    public static async Task<Dictionary<TopicPartition, long?>> AtAsync(IAdminClient admin, IReadOnlyCollection<TopicPartition> partitions, OffsetSpec at)
    {
        if (partitions.Count == 0)
            return [];
        List<ListOffsetsResultInfo> found;
        try
        {
            found = (await admin.ListOffsetsAsync(partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = at }))).ResultInfos;
        }
        catch (ListOffsetsException exception)
        {
            found = exception.Result.ResultInfos;
        }

        return found.ToDictionary(
            info => info.TopicPartitionOffsetError.TopicPartition,
            long? (info) => info.TopicPartitionOffsetError.Error.IsError ? null : info.TopicPartitionOffsetError.Offset.Value);
    }
}
