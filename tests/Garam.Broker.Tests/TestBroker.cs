using System.Text;
using Garam.Kafka;
using Garam.Kafka.Messages;
using Garam.Kafka.Records;

namespace Garam.Broker.Tests;

/// <summary>A real broker with a client on the wire, and the few requests that every test makes.</summary>
internal sealed class TestBroker : IAsyncDisposable
{
    private TestBroker(KafkaBroker broker)
    {
        Broker = broker;
        Client = new WireClient(broker.BootstrapServers);
    }

    public KafkaBroker Broker { get; }

    public WireClient Client { get; }

    public static async Task<TestBroker> StartAsync(KafkaBrokerOptions? options = null) => new(await KafkaBroker.StartAsync(options));

    public static Task<TestBroker> StartAsync(params (string Name, string Value)[] configuration) =>
        StartAsync(new KafkaBrokerOptions { Configuration = configuration.ToDictionary(setting => setting.Name, setting => setting.Value) });

    public WireClient Connect() => new(Broker.BootstrapServers);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Broker.DisposeAsync();
    }

    public Task<MetadataResponse> MetadataAsync(params string[] topics) => MetadataAsync(autoCreate: true, topics);

    public Task<MetadataResponse> MetadataAsync(bool autoCreate, params string[] topics) =>
        Client.CallAsync<MetadataRequest, MetadataResponse>(ApiKey.Metadata, 12, new MetadataRequest
        {
            Topics = [.. topics.Select(topic => new MetadataRequest.MetadataRequestTopic { Name = topic })],
            AllowAutoTopicCreation = autoCreate,
        });

    public async Task<CreateTopicsResponse.CreatableTopicResult> CreateAsync(string topic, int partitions = 1, params (string Name, string Value)[] configs) =>
        (await Client.CallAsync<CreateTopicsRequest, CreateTopicsResponse>(ApiKey.CreateTopics, 7, new CreateTopicsRequest
        {
            Topics =
            [
                new CreateTopicsRequest.CreatableTopic
                {
                    Name = topic,
                    NumPartitions = partitions,
                    ReplicationFactor = -1,
                    Configs = [.. configs.Select(config => new CreateTopicsRequest.CreatableTopicConfig { Name = config.Name, Value = config.Value })],
                },
            ],
        })).Topics.ShouldHaveSingleItem();

    public async Task<DeleteTopicsResponse.DeletableTopicResult> DeleteAsync(string topic) =>
        (await Client.CallAsync<DeleteTopicsRequest, DeleteTopicsResponse>(
            ApiKey.DeleteTopics, 6, new DeleteTopicsRequest { Topics = [new DeleteTopicsRequest.DeleteTopicState { Name = topic }] })).Responses.ShouldHaveSingleItem();

    public Task<ProduceResponse.PartitionProduceResponse> ProduceAsync(string topic, params string[] values) => ProduceAsync(topic, 0, Batch(values));

    public async Task<ProduceResponse.PartitionProduceResponse> ProduceAsync(string topic, int partition, byte[]? records, short acks = -1, short version = 9) =>
        (await Client.CallAsync<ProduceRequest, ProduceResponse>(ApiKey.Produce, version, Requests.Produce(acks, (topic, partition, records))))
            .Responses.ShouldHaveSingleItem().PartitionResponses.ShouldHaveSingleItem();

    public async Task<FetchResponse.PartitionData> FetchAsync(string topic, long offset, int maxWaitMs = 0, int partition = 0) =>
        (await Client.CallAsync<FetchRequest, FetchResponse>(ApiKey.Fetch, 12, Requests.Fetch(maxWaitMs, (topic, partition, offset))))
            .Responses.ShouldHaveSingleItem().Partitions.ShouldHaveSingleItem();

    public async Task<ListOffsetsResponse.ListOffsetsPartitionResponse> ListOffsetAsync(string topic, long timestamp, short version = 9) =>
        (await Client.CallAsync<ListOffsetsRequest, ListOffsetsResponse>(ApiKey.ListOffsets, version, new ListOffsetsRequest
        {
            Topics = [new ListOffsetsRequest.ListOffsetsTopic { Name = topic, Partitions = [new ListOffsetsRequest.ListOffsetsPartition { Timestamp = timestamp }] }],
        })).Topics.ShouldHaveSingleItem().Partitions.ShouldHaveSingleItem();

    /// <summary>One batch, each record an offset and a second later than the one before.</summary>
    public static byte[] Batch(params string[] values) => Batch(1_700_000_000_000, new RecordBatchBuilder(), values);

    public static byte[] Batch(long timestamp, RecordBatchBuilder builder, params string[] values)
    {
        for (var i = 0; i < values.Length; i++) builder.Add(timestamp + i * 1000, Encoding.UTF8.GetBytes("key"), Encoding.UTF8.GetBytes(values[i]));
        return builder.Build().ToArray();
    }

    public static List<string> Values(ReadOnlyMemory<byte>? records)
    {
        var values = new List<string>();
        var bytes = records!.Value.Span;
        while (RecordBatch.TryRead(bytes, out var batch))
        {
            for (var reader = batch.ReadRecords(); reader.TryRead(out var record);) values.Add(Encoding.UTF8.GetString(record.Value));
            bytes = bytes[batch.Bytes.Length..];
        }
        bytes.Length.ShouldBe(0);
        return values;
    }
}

internal static class Requests
{
    public static ProduceRequest Produce(short acks, params (string Topic, int Partition, byte[]? Records)[] partitions) => new()
    {
        Acks = acks,
        TimeoutMs = 30_000,
        TopicData = [.. partitions.Select(it => new ProduceRequest.TopicProduceData
        {
            Name = it.Topic,
            PartitionData = [new ProduceRequest.PartitionProduceData { Index = it.Partition, Records = it.Records is null ? null : it.Records.AsMemory() }],
        })],
    };

    public static FetchRequest Fetch(int maxWaitMs, params (string Topic, int Partition, long Offset)[] partitions) => new()
    {
        MaxWaitMs = maxWaitMs,
        MinBytes = 1,
        MaxBytes = 50 * 1024 * 1024,
        Topics = [.. partitions.Select(it => new FetchRequest.FetchTopic
        {
            Topic = it.Topic,
            Partitions = [new FetchRequest.FetchPartition { Partition = it.Partition, FetchOffset = it.Offset, PartitionMaxBytes = 1024 * 1024 }],
        })],
    };
}
