using System.Buffers.Binary;
using System.Text;
using Garam.Conformance.Brokers;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Conformance.Differential;

public sealed class OffsetDeleteAnswersTests(GaramBroker garam, ApacheKafka kafka) : SameAnswers(garam, kafka)
{
    [Fact]
    public Task Offsets_of_a_group_without_members_are_deleted_alike() => CompareAsync(async (client, transcript) =>
    {
        await client.CreateTopicAsync(Name, partitions: 2);
        await client.AwaitCoordinatorAsync(Name);
        await DeleteAsync(client, transcript, "a group that is not there", Name, Name, 0);
        await CommitAsync(client, Name);
        await DeleteAsync(client, transcript, "a group without a name", "", Name, 0);
        await DeleteAsync(client, transcript, "one", Name, Name, 1);
        await DeleteAsync(client, transcript, "what is not committed", Name, Name, 1);
        await DeleteAsync(client, transcript, "an unknown partition", Name, Name, 9);
        await DeleteAsync(client, transcript, "an unknown topic", Name, $"{Name}-none", 0);
        await DeleteAsync(client, transcript, "an unknown topic of an unknown group", $"{Name}-none", $"{Name}-none", 0);
        await DeleteAsync(client, transcript, "known and unknown", Name, Name, 9, 0);
        transcript.Add("left", await client.AskAsync<OffsetFetchRequest, OffsetFetchResponse>(
            new() { GroupId = Name, Topics = [new() { Name = Name, PartitionIndexes = [0, 1] }] }, 5));
    });

    [Fact]
    public Task Offsets_that_members_need_are_kept_alike() => CompareAsync(async (client, transcript) =>
    {
        await client.CreateTopicAsync(Name);
        await client.CreateTopicAsync($"{Name}-other");
        await client.AwaitCoordinatorAsync(Name);
        await CommitAsync(client, Name);
        await JoinAsync(client, Name, "consumer");
        await DeleteAsync(client, transcript, "subscribed", Name, Name, 0);
        await DeleteAsync(client, transcript, "not subscribed", Name, $"{Name}-other", 0);

        var connect = $"{Name}-connect";
        await client.AwaitCoordinatorAsync(connect);
        await CommitAsync(client, connect);
        await JoinAsync(client, connect, "connect");
        await DeleteAsync(client, transcript, "of members that are no consumers", connect, Name, 0);
    });

    private static async Task DeleteAsync(RawClient client, Transcript transcript, string what, string group, string topic, params int[] partitions) =>
        transcript.Add(what, await client.AskAsync<OffsetDeleteRequest, OffsetDeleteResponse>(new()
        {
            GroupId = group,
            Topics = [new() { Name = topic, Partitions = [.. partitions.Select(index => new OffsetDeleteRequest.OffsetDeleteRequestPartition { PartitionIndex = index })] }],
        }, 0));

    private async Task CommitAsync(RawClient client, string group) => await client.AskAsync<OffsetCommitRequest, OffsetCommitResponse>(new()
    {
        GroupId = group,
        GenerationIdOrMemberEpoch = -1,
        Topics = [new() { Name = Name, Partitions = [new() { PartitionIndex = 0, CommittedOffset = 5 }, new() { PartitionIndex = 1, CommittedOffset = 6 }] }],
    }, 7);

    private async Task JoinAsync(RawClient client, string group, string type)
    {
        var join = new JoinGroupRequest
        {
            GroupId = group,
            SessionTimeoutMs = 30_000,
            RebalanceTimeoutMs = 30_000,
            ProtocolType = type,
            Protocols = [new() { Name = "range", Metadata = Subscription(Name) }],
        };
        var joined = await client.AskAsync<JoinGroupRequest, JoinGroupResponse>(join, 3);   // no second round for a member id
        await client.AskAsync<SyncGroupRequest, SyncGroupResponse>(new()
        {
            GroupId = group,
            GenerationId = joined.GenerationId,
            MemberId = joined.MemberId,
            Assignments = [new() { MemberId = joined.MemberId, Assignment = new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 } }],
        }, 2);
    }

    private static byte[] Subscription(string topic)
    {
        var bytes = new byte[2 + 4 + 2 + topic.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(2), 1);
        BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(6), (short)topic.Length);
        Encoding.ASCII.GetBytes(topic, bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8 + topic.Length), -1);
        return bytes;
    }
}
