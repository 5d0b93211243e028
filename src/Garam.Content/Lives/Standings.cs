using Garam.Messaging.Health;
using Garam.Messaging.Producing;

namespace Garam.Content.Lives;

/// <summary>Where the workers of this process stand.</summary>
internal sealed class Standings(EndpointStates endpoints, TimeProvider time)
{
    /// <summary>Longer than an endpoint takes to measure its lag again.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    public Moment Now() => new(endpoints.All(), time.UtcNow());

    /// <summary>All of them at one time.</summary>
    internal sealed class Moment(IReadOnlyList<EndpointState> endpoints, DateTime now)
    {
        /// <summary>True when the group has done with a record: what it should have left behind and did not, it has set aside.</summary>
        /// <param name="group">The group.</param>
        /// <param name="record">The record.</param>
        /// <param name="since">When the record was there.</param>
        public bool HasPassed(string group, RecordPosition record, DateTime since) =>
            Find(group, record.Topic)?.Partitions.FirstOrDefault(partition => partition.Partition == record.Partition) is { } owned
            && (owned.Committed is { } committed ? committed > record.Offset : owned is { Lag: 0, InFlight: 0 } && now - since > Settled);

        /// <summary>Where a group puts what it has given up; null for nowhere.</summary>
        public string? DeadLetterTopic(string group, string topic) => Find(group, topic)?.DeadLetterTopic;

        /// <summary>What a record waits for, in a group that has not done it.</summary>
        /// <param name="group">The group.</param>
        /// <param name="topic">What it reads.</param>
        /// <param name="record">The record; null where its place is not known yet.</param>
        public Note WaitingFor(string group, string topic, RecordPosition? record)
        {
            if (Find(group, topic) is not { } endpoint)
                return new("Waits: the group is not reading yet.", "대기 중: 그룹이 아직 읽기를 시작하지 않았습니다.");
            if (endpoint.WaitingFor is { } reason)
                return new($"Waits: the whole group stands still. {reason}", $"대기 중: 그룹 전체가 보류 중입니다. {reason}");
            var partitions = endpoint.Partitions.Where(partition => record is null || partition.Partition == record.Value.Partition).ToList();
            if (partitions.Count == 0)
                return new("Waits: the group's partitions are being assigned, or another process has this one.", "대기 중: 파티션을 할당하는 중이거나 다른 프로세스에 할당되어 있습니다.");
            return partitions.Find(partition => partition.State is PartitionActivity.Held) is { } held ? Held(held)
                : partitions.Find(partition => partition.State is PartitionActivity.Waiting) is { } troubled ? Troubled(troubled)
                : Behind(partitions, record);
        }

        private EndpointState? Find(string group, string topic) => endpoints.FirstOrDefault(endpoint => endpoint.Group == group && endpoint.Topic == topic);

        private static Note Held(PartitionState partition) => new(
            $"Waits: partition {partition.Partition} is held until somebody acts. {partition.Why}",
            $"대기 중: 파티션 {partition.Partition}번이 보류되어 조치가 필요합니다. {partition.Why}");

        private static Note Troubled(PartitionState partition) => new(
            $"Waits: partition {partition.Partition} waits for something it depends on, and goes on by itself. {partition.Why}",
            $"대기 중: 파티션 {partition.Partition}번이 의존 서비스의 복구를 기다리고 있으며, 복구되면 자동으로 재개됩니다. {partition.Why}");

        private static Note Behind(List<PartitionState> partitions, RecordPosition? record)
        {
            if (record is { } place && partitions[0].Committed is { } committed && committed <= place.Offset)
            {
                return committed == place.Offset
                    ? new("Is next: the group is at it.", "처리 중: 그룹이 이 레코드를 처리하고 있습니다.")
                    : new($"Waits: {place.Offset - committed:N0} records are before it.", $"대기 중: 앞선 레코드가 {place.Offset - committed:N0}건 있습니다.");
            }

            var lag = partitions.Sum(partition => partition.Lag);
            return new($"Waits: the group has {lag:N0} records to do.", $"대기 중: 그룹이 처리할 레코드가 {lag:N0}건 남아 있습니다.");
        }
    }
}
