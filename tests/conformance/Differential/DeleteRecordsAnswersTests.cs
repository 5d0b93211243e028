using Garam.Conformance.Brokers;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Conformance.Differential;

public sealed class DeleteRecordsAnswersTests(GaramBroker garam, ApacheKafka kafka) : SameAnswers(garam, kafka)
{
    [Fact]
    public Task Records_are_deleted_or_refused_alike_in_every_version() => CompareAsync(async (client, transcript) =>
    {
        foreach (var version in Versions(ApiKey.DeleteRecords))
        {
            var topic = $"{Name}-{version}";
            await MakeAsync(topic, "delete");
            await MakeAsync($"{topic}-compact", "compact");
            await MakeAsync($"{topic}-both", "compact,delete");
            await MakeAsync($"{topic}-none", "");
            await AskAsync("nothing", topic, 0);
            await AskAsync("two", topic, 2);
            await AskAsync("fewer than before", topic, 1);
            await AskAsync("more than there are", topic, 9);
            await AskAsync("no such offset", topic, -2);
            await AskAsync("all", topic, -1);
            await AskAsync("all again", topic, -1);
            await AskAsync("compacted", $"{topic}-compact", 1);
            await AskAsync("compacted and deleted", $"{topic}-both", 1);
            await AskAsync("kept for ever", $"{topic}-none", 1);
            await AskAsync("unknown topic", $"{topic}-unknown", 1);
            await AskAsync("unknown partition", topic, 1, partition: 7);
            transcript.Add($"v{version} earliest", await client.AskAsync<ListOffsetsRequest, ListOffsetsResponse>(
                new() { ReplicaId = -1, Topics = [new() { Name = topic, Partitions = [new() { Timestamp = -2 }] }] }, 1));

            async Task AskAsync(string what, string name, long offset, int partition = 0) =>
                transcript.Add($"v{version} {what}", await client.AskAsync<DeleteRecordsRequest, DeleteRecordsResponse>(new()
                {
                    Topics = [new() { Name = name, Partitions = [new() { PartitionIndex = partition, Offset = offset }] }],
                    TimeoutMs = 30_000,
                }, version));
        }

        async Task MakeAsync(string topic, string policy)
        {
            await client.CreateTopicAsync(topic, 1, ("cleanup.policy", policy));
            await client.AskAsync<ProduceRequest, ProduceResponse>(
                new() { Acks = -1, TimeoutMs = 30_000, TopicData = [new() { Name = topic, PartitionData = [new() { Records = Batch("a", "b", "c", "d") }] }] }, 9);
        }
    });
}
