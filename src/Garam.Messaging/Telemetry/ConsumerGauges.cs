using System.Diagnostics.Metrics;
using Garam.Messaging.Consuming;

namespace Garam.Messaging.Telemetry;

/// <summary>What the consumers look like at the moment, for each partition that this process owns.</summary>
internal sealed class ConsumerGauges(IReadOnlyList<GroupConsumer> consumers)
{
    public void AddTo(MessagingTelemetry telemetry)
    {
        telemetry.Observe("garam.messaging.in_flight", "{record}", "Records read and not finished.", () => Each(assignment => assignment.Unfinished.Records));
        telemetry.Observe("garam.messaging.lag", "{record}", "Records of the partition that are not done.", () => Each(assignment => assignment.Lag));
        telemetry.Observe("garam.messaging.held", "{partition}", "1 where a partition is held at a record.", () => Each(assignment => assignment.HeldBecause is null ? 0 : 1));
        telemetry.Observe("garam.messaging.paused", "{partition}", "1 where a partition is not read for now.", () => Each(assignment => assignment.Paused == PauseReasons.None ? 0 : 1));
    }

    private IEnumerable<Measurement<long>> Each(Func<PartitionAssignment, long> value) =>
        from consumer in consumers
        from assignment in consumer.Assignments
        select new Measurement<long>(
            value(assignment),
            new KeyValuePair<string, object?>("messaging.consumer.group.name", consumer.Group),
            new KeyValuePair<string, object?>("messaging.destination.name", assignment.Partition.Topic),
            new KeyValuePair<string, object?>("messaging.destination.partition.id", assignment.Partition.Partition.Value));
}
