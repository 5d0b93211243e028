using Garam.Broker.Log;
using Garam.Kafka;
using Garam.Kafka.Messages;
using Garam.Kafka.Records;

namespace Garam.Broker.Groups;

/// <summary>
/// What is written to <c>__consumer_offsets</c>, byte for byte as Apache Kafka 4 writes it.
/// <code>
/// key                                          value (null: deleted)
/// int16 1 | group, topic, partition            int16 4 (1 with an expiry of its own) | offset, leader epoch, metadata, commit time, topic id
/// int16 2 | group                              int16 3 | protocol type, generation, protocol, leader, since, members
/// </code>
/// </summary>
internal static class GroupRecords
{
    private const short OffsetKey = 1;
    private const short OldOffsetKey = 0;
    private const short GroupKey = 2;
    private const short OffsetVersion = 4;
    private const short OffsetVersionWithExpiry = 1;
    private const short GroupVersion = 3;

    public static void AddOffset(this RecordBatchBuilder batch, string group, TopicPartition partition, CommittedOffset committed)
    {
        var version = committed.ExpiresAt >= 0 ? OffsetVersionWithExpiry : OffsetVersion;
        var value = new OffsetCommitValue
        {
            Offset = committed.Offset,
            LeaderEpoch = committed.LeaderEpoch,
            Metadata = committed.Metadata,
            CommitTimestamp = committed.CommittedAt,
            ExpireTimestamp = committed.ExpiresAt,
            TopicId = committed.TopicId,
        };
        batch.Add(committed.CommittedAt, KeyOf(group, partition), Encode(version, value, version));
    }

    public static void AddOffsetTombstone(this RecordBatchBuilder batch, string group, TopicPartition partition, long now) =>
        batch.AddTombstone(now, KeyOf(group, partition));

    public static void AddGroup(this RecordBatchBuilder batch, GroupSnapshot group, long now)
    {
        var value = new GroupMetadataValue
        {
            ProtocolType = group.ProtocolType ?? "",
            Generation = group.Generation,
            Protocol = group.Protocol,
            Leader = group.Leader,
            CurrentStateTimestamp = group.StateSince.ToUnixTimeMilliseconds(),
            Members = [.. group.Members.Select(member => new GroupMetadataValue.MemberMetadata
            {
                MemberId = member.Id,
                GroupInstanceId = member.InstanceId,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                RebalanceTimeout = (int)member.RebalanceTimeout.TotalMilliseconds,
                SessionTimeout = (int)member.SessionTimeout.TotalMilliseconds,
                Subscription = member.Metadata,
                Assignment = member.Assignment,
            })],
        };
        batch.Add(now, KeyOf(group.Id), Encode(GroupVersion, value, GroupVersion));
    }

    public static void AddGroupTombstone(this RecordBatchBuilder batch, string group, long now) => batch.AddTombstone(now, KeyOf(group));

    /// <summary>Hands one record to <paramref name="state"/>. Kinds of record that are not ours (of newer group protocols) are passed over.</summary>
    /// <exception cref="MalformedFrameException">It is not what its key says.</exception>
    public static void Read(in Record record, GroupReplay state)
    {
        var key = new ProtocolReader(record.Key.ToArray());
        switch (key.ReadInt16())
        {
            case OldOffsetKey or OffsetKey:
                var offset = OffsetCommitKey.Read(ref key, 0);
                state.Offset(offset.Group, new TopicPartition(offset.Topic, offset.Partition), record.HasValue ? ReadOffset(record.Value) : null, record.Offset);
                break;
            case GroupKey:
                var group = GroupMetadataKey.Read(ref key, 0).Group;
                state.Group(group, record.HasValue ? ReadGroup(group, record.Value) : null);
                break;
        }
    }

    private static CommittedOffset ReadOffset(ReadOnlySpan<byte> bytes)
    {
        var value = Decode<OffsetCommitValue>(bytes);
        return new CommittedOffset(value.Offset, value.LeaderEpoch, value.Metadata, value.CommitTimestamp, value.ExpireTimestamp, value.TopicId);
    }

    private static GroupSnapshot ReadGroup(string id, ReadOnlySpan<byte> bytes)
    {
        var value = Decode<GroupMetadataValue>(bytes);
        var members = value.Members.Select(member => new MemberSnapshot(
            member.MemberId, member.GroupInstanceId, member.ClientId, member.ClientHost,
            TimeSpan.FromMilliseconds(member.SessionTimeout),
            // Version 0 has no rebalance timeout: the session timeout stands in, as for JoinGroup v0.
            TimeSpan.FromMilliseconds(member.RebalanceTimeout >= 0 ? member.RebalanceTimeout : member.SessionTimeout),
            member.Subscription.ToArray(), member.Assignment.ToArray())).ToList();
        var since = DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(0, value.CurrentStateTimestamp));
        var protocolType = value.ProtocolType.Length > 0 ? value.ProtocolType : null;
        return new GroupSnapshot(id, StateWith(members), value.Generation, protocolType, value.Protocol, value.Leader, since, members);
    }

    // The state is not written. A generation is, once when its members are known and once more when they are assigned: the leader, who would
    // have assigned, may not even have heard that it leads.
    private static GroupState StateWith(List<MemberSnapshot> members) =>
        members.Count == 0 ? GroupState.Empty
        : members.Exists(member => member.Assignment.Length > 0) ? GroupState.Stable
        : GroupState.PreparingRebalance;

    private static byte[] KeyOf(string group, TopicPartition partition) =>
        Encode(OffsetKey, new OffsetCommitKey { Group = group, Topic = partition.Topic, Partition = partition.Partition }, 0);

    private static byte[] KeyOf(string group) => Encode(GroupKey, new GroupMetadataKey { Group = group }, 0);

    private static byte[] Encode<T>(short prefix, T message, short version)
        where T : IMessage
    {
        var writer = new ProtocolWriter(128);
        try
        {
            writer.WriteInt16(prefix);
            message.Write(ref writer, version);
            return writer.ToArray();
        }
        finally
        {
            writer.Dispose();
        }
    }

    private static T Decode<T>(ReadOnlySpan<byte> bytes)
        where T : IMessage<T>
    {
        var reader = new ProtocolReader(bytes.ToArray());
        var version = reader.ReadInt16();
        return version >= T.MinVersion && version <= T.MaxVersion
            ? T.Read(ref reader, version)
            : throw new MalformedFrameException($"A {typeof(T).Name} of version {version} cannot be read; {T.MinVersion} to {T.MaxVersion} can.");
    }
}
