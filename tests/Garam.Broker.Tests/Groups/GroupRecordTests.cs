using Garam.Broker.Groups;
using Garam.Broker.Log;
using Garam.Kafka.Records;
using Record = Garam.Kafka.Records.Record;

namespace Garam.Broker.Tests.Groups;

/// <summary>Records of <c>__consumer_offsets</c> that Apache Kafka 4.3.1 wrote for a kcat consumer, and ours: the same bytes.</summary>
public sealed class GroupRecordTests
{
    private const string OffsetKey = "0001000c676f6c64656e2d67726f75700006676f6c64656e00000000";
    private const string OffsetValue = "00040000000000000003ffffffff01000001a1fc0595fb0100106d5a765cd97b49cdbec7ca85cc6c62e3";
    private const string GroupKey = "0002000c676f6c64656e2d67726f7570";
    private const string GroupValue =
        "00030008636f6e73756d657200000001000572616e67650034676f6c64656e2d696e7374616e63652d37303536646665632d643665372d343830302d38336662"
        + "2d383232343934316131313435000001a1fc058279000000010034676f6c64656e2d696e7374616e63652d37303536646665632d643665372d343830302d"
        + "383366622d383232343934316131313435000f676f6c64656e2d696e7374616e6365000d676f6c64656e2d636c69656e74000a2f3132372e302e302e31"
        + "0000232800001b58000000160001000000010006676f6c64656e00000000000000000000001a0000000000010006676f6c64656e000000010000000000000000";

    [Fact]
    public void A_committed_offset_reads_and_writes_as_in_Kafka()
    {
        var partition = new TopicPartition("golden", 0);
        var replay = Replay(OffsetKey, OffsetValue);
        var (id, snapshot, offsets) = replay.Result().ShouldHaveSingleItem();
        id.ShouldBe("golden-group");
        snapshot.ShouldBeNull();
        offsets.TryGet(partition, out var committed).ShouldBeTrue();
        committed!.ShouldBe(new CommittedOffset(3, -1, "", 1795229586939, -1, new Guid("6d5a765c-d97b-49cd-bec7-ca85cc6c62e3")));

        Written(batch => batch.AddOffset("golden-group", partition, committed)).ShouldBe((OffsetKey, OffsetValue));
    }

    [Fact]
    public void An_offset_with_an_expiry_of_its_own_survives()
    {
        var partition = new TopicPartition("t", 3);
        var committed = new CommittedOffset(42, -1, "words", 1_000, 2_000, Guid.Empty);
        var (key, value) = Written(batch => batch.AddOffset("g", partition, committed));
        Replay(key, value!).Result().Single().Offsets.All().Single().ShouldBe(new(partition, committed));
    }

    [Fact]
    public void A_group_reads_and_writes_as_in_Kafka()
    {
        var snapshot = Replay(GroupKey, GroupValue).Result().ShouldHaveSingleItem().Snapshot.ShouldNotBeNull();
        (snapshot.Generation, snapshot.ProtocolType, snapshot.Protocol, snapshot.State).ShouldBe((1, "consumer", "range", GroupState.Stable));
        var member = snapshot.Members.ShouldHaveSingleItem();
        (member.InstanceId, member.ClientId, member.ClientHost).ShouldBe(("golden-instance", "golden-client", "/127.0.0.1"));
        (member.SessionTimeout, member.RebalanceTimeout).ShouldBe((TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(9)));
        snapshot.Leader.ShouldBe(member.Id);
        Subscription.TryReadTopics(member.Metadata, out var topics).ShouldBeTrue();
        topics!.ShouldBe(["golden"]);

        Written(batch => batch.AddGroup(snapshot, now: 0)).ShouldBe((GroupKey, GroupValue));
    }

    [Fact]
    public void The_last_record_of_a_key_counts_and_a_tombstone_ends_it()
    {
        var replay = Replay(OffsetKey, OffsetValue);
        Read(replay, GroupKey, GroupValue);
        Read(replay, OffsetKey, null, offset: 1);
        Read(replay, GroupKey, null, offset: 2);
        replay.Result().ShouldBeEmpty();

        var tombstones = Written(batch => batch.AddGroupTombstone("golden-group", 0));
        tombstones.ShouldBe((GroupKey, null));
        Written(batch => batch.AddOffsetTombstone("golden-group", new TopicPartition("golden", 0), 0)).ShouldBe((OffsetKey, null));
    }

    [Fact]
    public void Records_of_newer_group_protocols_are_passed_over() => Replay("0003000c676f6c64656e", "0000").Result().ShouldBeEmpty();

    private static GroupReplay Replay(string key, string value)
    {
        var replay = new GroupReplay();
        Read(replay, key, value);
        return replay;
    }

    private static void Read(GroupReplay replay, string key, string? value, long offset = 0) => GroupRecords.Read(
        new Record
        {
            Offset = offset, Timestamp = 0, Key = Convert.FromHexString(key), HasKey = true, Value = value is null ? default : Convert.FromHexString(value),
            HasValue = value is not null, HeaderCount = 0, EncodedHeaders = default,
        },
        replay);

    private static (string Key, string? Value) Written(Action<RecordBatchBuilder> add)
    {
        var builder = new RecordBatchBuilder();
        add(builder);
        RecordBatch.TryRead(builder.Build(), out var batch).ShouldBeTrue();
        var records = batch.ReadRecords();
        records.TryRead(out var record).ShouldBeTrue();
        return (Convert.ToHexStringLower(record.Key), record.HasValue ? Convert.ToHexStringLower(record.Value) : null);
    }
}
