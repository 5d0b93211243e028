using Garam.Conformance.Brokers;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Conformance.Differential;

public sealed class FetchAnswersTests(GaramBroker garam, ApacheKafka kafka) : SameAnswers(garam, kafka)
{
    [Fact]
    public Task Records_and_errors_are_the_same_in_every_version() => CompareAsync(async (client, transcript) =>
    {
        var id = await FillAsync(client);
        foreach (var version in Versions(ApiKey.Fetch))
        {
            await AskAsync(client, transcript, version, "from 0", Request(id, 0, 0));
            await AskAsync(client, transcript, version, "from the middle of a batch", Request(id, 0, 1));
            await AskAsync(client, transcript, version, "from the end", Request(id, 0, 4));
            await AskAsync(client, transcript, version, "beyond the end", Request(id, 0, 5));
            await AskAsync(client, transcript, version, "before the start", Request(id, 0, -1));
            await AskAsync(client, transcript, version, "unknown partition", Request(id, 9, 0));
            await AskAsync(client, transcript, version, "unknown topic", Request(Guid.NewGuid(), 0, 0, "no-such-topic"));
            await AskAsync(client, transcript, version, "read committed", Request(id, 0, 0, isolation: 1));
            await AskAsync(client, transcript, version, "one byte", Request(id, 0, 0, maxBytes: 1));
            await AskAsync(client, transcript, version, "epoch to come", Request(id, 0, 0, epoch: 99));
        }
    });

    [Fact]
    public Task A_session_sends_what_has_changed() => CompareAsync(async (client, transcript) =>
    {
        var id = await FillAsync(client);
        foreach (short version in (short[])[7, 11, 12, 13, 18])
        {
            var first = await AskSessionAsync(client, transcript, version, "full", Request(id, 0, 4), 0, 0);
            transcript.Add("a session is given", first.SessionId != 0);
            await AskSessionAsync(client, transcript, version, "nothing new", Empty(), first.SessionId, 1);
            await AskSessionAsync(client, transcript, version, "another offset", Request(id, 0, 0), first.SessionId, 2);
            await AskSessionAsync(client, transcript, version, "wrong epoch", Empty(), first.SessionId, 7);
            await AskSessionAsync(client, transcript, version, "unknown session", Empty(), first.SessionId + 1, 3);
            await AskSessionAsync(client, transcript, version, "without a session", Request(id, 0, 0), 0, -1);
        }
    });

    [Fact]
    public Task Offsets_of_times_are_the_same_in_every_version() => CompareAsync(async (client, transcript) =>
    {
        await FillAsync(client);
        foreach (var version in Versions(ApiKey.ListOffsets))
        {
            foreach (var time in (long[])[-1, -2, -3, -4, -5, -6, -7, 0, long.MaxValue])
            {
                var request = new ListOffsetsRequest
                {
                    ReplicaId = -1,
                    TimeoutMs = 1000,
                    Topics = [new() { Name = Name, Partitions = [new() { PartitionIndex = 0, Timestamp = time }, new() { PartitionIndex = 9, Timestamp = time }] }],
                };
                var answer = await client.AskAsync<ListOffsetsRequest, ListOffsetsResponse>(request, version);
                answer.Topics.Single().Partitions.Sort((left, right) => left.PartitionIndex.CompareTo(right.PartitionIndex));
                answer.Topics.Single().Partitions.ForEach(partition => partition.Timestamp = Math.Sign(partition.Timestamp));   // it is the moment of the test
                transcript.Add($"v{version} time {time}", answer);
            }
        }
    });

    [Fact]
    public Task Ends_of_leader_epochs_are_the_same_in_every_version() => CompareAsync(async (client, transcript) =>
    {
        await FillAsync(client);
        foreach (var version in Versions(ApiKey.OffsetForLeaderEpoch))
        {
            foreach (var (current, wanted) in ((int, int)[])[(-1, 0), (0, 0), (-1, 5), (5, 0), (-1, -1)])
            {
                var request = new OffsetForLeaderEpochRequest
                {
                    ReplicaId = -1,
                    Topics = [new() { Topic = Name, Partitions = [new() { Partition = 0, CurrentLeaderEpoch = current, LeaderEpoch = wanted }, new() { Partition = 9 }] }],
                };
                transcript.Add($"v{version} {current} {wanted}", await client.AskAsync<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>(request, version));
            }
        }
    });

    /// <summary>Two batches of two records.</summary>
    private async Task<Guid> FillAsync(RawClient client)
    {
        var id = await client.CreateTopicAsync(Name);
        for (var i = 0; i < 2; i++)
        {
            var request = new ProduceRequest
            {
                Acks = -1,
                TimeoutMs = 30_000,
                TopicData = [new() { Name = Name, PartitionData = [new() { Index = 0, Records = Batch("a", "b") }] }],
            };
            var answer = await client.AskAsync<ProduceRequest, ProduceResponse>(request, 9);
            answer.Responses.Single().PartitionResponses.Single().ErrorCode.ShouldBe(ErrorCode.None);
        }
        return id;
    }

    private static async Task AskAsync(RawClient client, Transcript transcript, short version, string what, FetchRequest request) =>
        transcript.Add($"v{version} {what}", await client.AskAsync<FetchRequest, FetchResponse>(request, version));

    private static async Task<FetchResponse> AskSessionAsync(
        RawClient client, Transcript transcript, short version, string what, FetchRequest request, int session, int epoch)
    {
        (request.SessionId, request.SessionEpoch) = (session, epoch);
        var answer = await client.AskAsync<FetchRequest, FetchResponse>(request, version);
        var id = answer.SessionId;
        answer.SessionId = Math.Sign(id);
        transcript.Add($"v{version} {what}", answer);
        answer.SessionId = id;
        return answer;
    }

    private FetchRequest Request(
        Guid id, int partition, long offset, string? topic = null, sbyte isolation = 0, int maxBytes = 1 << 20, int epoch = -1) => new()
    {
        MaxWaitMs = 0,
        MinBytes = 1,
        MaxBytes = maxBytes,
        IsolationLevel = isolation,
        Topics =
        [
            new()
            {
                Topic = topic ?? Name,
                TopicId = id,
                Partitions = [new() { Partition = partition, FetchOffset = offset, PartitionMaxBytes = maxBytes, CurrentLeaderEpoch = epoch }],
            },
        ],
    };

    private static FetchRequest Empty() => new() { MinBytes = 1, MaxWaitMs = 0 };
}
