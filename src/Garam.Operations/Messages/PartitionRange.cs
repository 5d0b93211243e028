using Confluent.Kafka;

namespace Garam.Operations.Messages;

/// <summary>Offsets of one partition, from <paramref name="From"/> to before <paramref name="Until"/>. Not each of them need hold a record: compaction and transactions leave gaps.</summary>
internal readonly record struct PartitionRange(TopicPartition Partition, long From, long Until)
{
    public long Count => Math.Max(0, Until - From);

    public bool IsEmpty => Until <= From;
}
