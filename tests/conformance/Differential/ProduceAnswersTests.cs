using Garam.Conformance.Brokers;
using Garam.Kafka;
using Garam.Kafka.Messages;
using Garam.Kafka.Records;
using Record = Garam.Kafka.Records.Record;

namespace Garam.Conformance.Differential;

public sealed class ProduceAnswersTests(GaramBroker garam, ApacheKafka kafka) : SameAnswers(garam, kafka)
{
    [Fact]
    public Task A_batch_is_appended_or_its_place_is_unknown_in_every_version() => CompareAsync(async (client, transcript) =>
    {
        var id = await client.CreateTopicAsync(Name);
        foreach (var version in Versions(ApiKey.Produce))
        {
            await AskAsync(client, transcript, version, "good", Request(Name, id, 0, Batch("a", "b")));
            await AskAsync(client, transcript, version, "unknown partition", Request(Name, id, 9, Batch("a")));
            await AskAsync(client, transcript, version, "unknown topic", Request("no-such-topic", Guid.NewGuid(), 0, Batch("a")));
            await AskAsync(client, transcript, version, "acks 7", Request(Name, id, 0, Batch("a"), acks: 7));
        }
    });

    [Fact]
    public Task Damaged_record_sets_are_refused() => CompareAsync(async (client, transcript) =>
    {
        var id = await client.CreateTopicAsync(Name);
        var good = Batch("a");
        await AskAsync(client, transcript, 9, "wrong checksum", Request(Name, id, 0, Damage(good, good.Length - 1)));
        await AskAsync(client, transcript, 9, "magic 1", Request(Name, id, 0, Damage(good, 16, 1)));
        await AskAsync(client, transcript, 9, "two batches", Request(Name, id, 0, [.. good, .. good]));
        await AskAsync(client, transcript, 9, "no batch", Request(Name, id, 0, []));
        foreach (var length in (int[])[3, 11, 16, 17, 40, 61, good.Length - 1])
        {
            await AskAsync(client, transcript, 9, $"the first {length} bytes", Request(Name, id, 0, good[..length]));
        }
        await AskAsync(client, transcript, 9, "a length of 0", Request(Name, id, 0, Damage(Damage(good, 11, 0), 10, 0)));
        await AskAsync(client, transcript, 9, "a negative length", Request(Name, id, 0, Damage(good, 8, 0xff)));
        await AskAsync(client, transcript, 9, "too long a length", Request(Name, id, 0, Damage(good, 8, 0x10)));
        await AskAsync(client, transcript, 9, "good", Request(Name, id, 0, good));
    });

    [Fact]
    public Task A_topics_rules_for_its_records_are_kept() => CompareAsync(async (client, transcript) =>
    {
        var small = await client.CreateTopicAsync($"{Name}-small", 1, ("max.message.bytes", "200"));
        await AskAsync(client, transcript, 9, "too large", Request($"{Name}-small", small, 0, Batch(new string('x', 500))));

        var compacted = await client.CreateTopicAsync($"{Name}-compacted", 1, ("cleanup.policy", "compact"));
        var builder = new RecordBatchBuilder();
        builder.Add(new Record
        {
            Offset = 0,
            Timestamp = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            Key = default,
            HasKey = false,
            Value = "x"u8,
            HasValue = true,
            HeaderCount = 0,
            EncodedHeaders = default,
        });
        await AskAsync(client, transcript, 9, "no key", Request($"{Name}-compacted", compacted, 0, builder.Build().ToArray()));

        var late = await client.CreateTopicAsync($"{Name}-late", 1, ("message.timestamp.before.max.ms", "1000"));
        builder = new RecordBatchBuilder();
        builder.Add(1_000_000, "k"u8, "v"u8);
        await AskAsync(client, transcript, 9, "too old", Request($"{Name}-late", late, 0, builder.Build().ToArray()));
    });

    [Fact]
    public Task An_idempotent_producer_is_kept_in_sequence() => CompareAsync(async (client, transcript) =>
    {
        var id = await client.CreateTopicAsync(Name);
        var producer = (await client.AskAsync<InitProducerIdRequest, InitProducerIdResponse>(
            new InitProducerIdRequest { TransactionTimeoutMs = 60_000 }, 4)).ProducerId;

        byte[] Numbered(int sequence, short epoch = 0, int count = 1) => Batch(
            new RecordBatchBuilder { ProducerId = producer, ProducerEpoch = epoch, BaseSequence = sequence }, [.. Enumerable.Repeat("x", count)]);

        await AskAsync(client, transcript, 9, "0-1", Request(Name, id, 0, Numbered(0, count: 2)));
        await AskAsync(client, transcript, 9, "2", Request(Name, id, 0, Numbered(2)));
        await AskAsync(client, transcript, 9, "0-1 again", Request(Name, id, 0, Numbered(0, count: 2)));
        await AskAsync(client, transcript, 9, "gap", Request(Name, id, 0, Numbered(5)));
        await AskAsync(client, transcript, 9, "overlap", Request(Name, id, 0, Numbered(1, count: 2)));
        await AskAsync(client, transcript, 9, "next epoch, not from 0", Request(Name, id, 0, Numbered(3, epoch: 1)));
        await AskAsync(client, transcript, 9, "next epoch", Request(Name, id, 0, Numbered(0, epoch: 1)));
        await AskAsync(client, transcript, 9, "old epoch", Request(Name, id, 0, Numbered(3)));
        for (var sequence = 1; sequence <= 6; sequence++)
        {
            await AskAsync(client, transcript, 9, $"{sequence}", Request(Name, id, 0, Numbered(sequence, epoch: 1)));
        }
        await AskAsync(client, transcript, 9, "fifth last again", Request(Name, id, 0, Numbered(2, epoch: 1)));
        await AskAsync(client, transcript, 9, "sixth last again", Request(Name, id, 0, Numbered(1, epoch: 1)));
    });

    [Fact]
    public Task The_groups_own_topic_is_not_written_by_clients() => CompareAsync(async (client, transcript) =>
    {
        await client.CreateTopicAsync(Name);
        await client.AwaitCoordinatorAsync(Name);
        await client.AskAsync<OffsetCommitRequest, OffsetCommitResponse>(
            new() { GroupId = Name, Topics = [new() { Name = Name, Partitions = [new() { CommittedOffset = 0 }] }] }, 8);
        await AskAsync(client, transcript, 9, "good", Request("__consumer_offsets", default, 0, Batch("a")));
    });

    private static async Task AskAsync(RawClient client, Transcript transcript, short version, string what, ProduceRequest request) =>
        transcript.Add($"v{version} {what}", await client.AskAsync<ProduceRequest, ProduceResponse>(request, version));

    private static ProduceRequest Request(string topic, Guid id, int partition, byte[] records, short acks = -1) => new()
    {
        Acks = acks,
        TimeoutMs = 30_000,
        TopicData = [new() { Name = topic, TopicId = id, PartitionData = [new() { Index = partition, Records = records }] }],
    };

    private static byte[] Damage(byte[] batch, int at, byte? value = null)
    {
        byte[] damaged = [.. batch];
        damaged[at] = value ?? (byte)~damaged[at];
        return damaged;
    }
}
