using Confluent.Kafka;
using Garam.Faults.Histories;

namespace Garam.Faults.Workload;

/// <summary>How a consumed record is written down.</summary>
internal static class Records
{
    public static ReadRecord Of(ConsumeResult<string, string> result) => new(result.Partition.Value, result.Offset.Value, result.Message.Value[..Math.Max(0, result.Message.Value.LastIndexOf(':'))])
    {
        Key = result.Message.Key,
        Epoch = result.LeaderEpoch,
        Timestamp = result.Message.Timestamp.UnixTimestampMs,
    };

    /// <summary>The lines of records that were read together, one for each topic.</summary>
    public static IEnumerable<HistoryEvent> Lines(string client, IReadOnlyCollection<ConsumeResult<string, string>> results) =>
        from topic in results.GroupBy(result => result.Topic)
        select new HistoryEvent { Client = client, Operation = Operation.Poll, Outcome = Outcome.Ok, Topic = topic.Key, Records = [.. topic.Select(Of)] };
}
