using System.Diagnostics;
using System.Net;
using System.Text;
using Garam.Faults.Brokers;
using Garam.Kafka;
using Garam.Kafka.Messages;
using Garam.Kafka.Records;

namespace Garam.Faults.Recovery;

/// <summary>
/// Fills a broker, stops it in order (everything is synced and below its recovery point), lets it take some more, kills it, and looks at what the next start costs. A clean start
/// and the start of an empty broker stand beside it.
/// </summary>
internal sealed class RecoveryMeasurement(string folder, long partitions, long bytes, long moreBytes)
{
    private const string Topic = "filled";
    private const int RecordBytes = 1000, RecordsPerBatch = 100, PartitionsPerRequest = 20;

    private readonly byte[] _batch = Batch();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var empty = await StartAsync(Path.Combine(folder, "empty"), topic: null, cancellationToken);
        await empty.Broker.KillAsync(cancellationToken);
        Say($"empty: {empty}");

        var first = await StartAsync(folder, topic: null, cancellationToken);
        await CreateTopicAsync(first.Address, cancellationToken);
        var filling = Stopwatch.StartNew();
        await FillAsync(first.Address, bytes, cancellationToken);
        Say($"filled: {LogBytes() / 1e9:F2} GB in {partitions} partitions, in {filling.Elapsed.TotalSeconds:F0} s");
        await first.Broker.StopAsync(cancellationToken);
        var synced = LogBytes();

        var clean = await StartAsync(folder, Topic, cancellationToken);
        Say($"after a clean stop: {clean}; read {(clean.BytesRead - empty.BytesRead) / 1e6:F1} MB more than the empty one");
        await FillAsync(clean.Address, moreBytes, cancellationToken);
        await clean.Broker.KillAsync(cancellationToken);
        var unsynced = LogBytes() - synced;

        var killed = await StartAsync(folder, Topic, cancellationToken);
        Say($"after kill -9 with {unsynced / 1e6:F1} MB past the recovery points: {killed}; read {(killed.BytesRead - empty.BytesRead) / 1e6:F1} MB more than the empty one, of {LogBytes() / 1e9:F2} GB");
        await killed.Broker.StopAsync(cancellationToken);
    }

    private static void Say(string line) => Console.WriteLine(line);

    /// <summary>Starts a broker, and waits until it has answered for the topic and taken a record.</summary>
    private async Task<Start> StartAsync(string data, string? topic, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(data);
        var watch = Stopwatch.StartNew();
        var broker = BrokerProcess.Launch(data, "", ["auto.create.topics.enable=false"]);
        var address = await broker.WhenReadyAsync(cancellationToken);
        using var client = await RawClient.ConnectAsync(address, cancellationToken);
        await client.AskAsync<MetadataRequest, MetadataResponse>(ApiKey.Metadata, 9, new MetadataRequest { Topics = topic is null ? [] : [new() { Name = topic }] }, cancellationToken);
        var metadata = watch.Elapsed;
        if (topic is not null)
        {
            await ProduceAsync(client, [0], cancellationToken);
        }

        return new Start(broker, address, metadata, watch.Elapsed, BytesReadBy(broker.Id));
    }

    private async Task CreateTopicAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        using var client = await RawClient.ConnectAsync(address, cancellationToken);
        var answer = await client.AskAsync<CreateTopicsRequest, CreateTopicsResponse>(ApiKey.CreateTopics, 7, new CreateTopicsRequest
        {
            TimeoutMs = 60_000,
            Topics = [new() { Name = Topic, NumPartitions = (int)partitions, ReplicationFactor = 1, Configs = [new() { Name = "retention.ms", Value = "-1" }] }],
        }, cancellationToken);
        Demand(answer.Topics[0].ErrorCode);
    }

    private async Task FillAsync(IPEndPoint address, long total, CancellationToken cancellationToken)
    {
        using var client = await RawClient.ConnectAsync(address, cancellationToken);
        for (var (sent, next) = (0L, 0); sent < total; sent += (long)PartitionsPerRequest * _batch.Length, next += PartitionsPerRequest)
        {
            await ProduceAsync(client, Enumerable.Range(next, PartitionsPerRequest).Select(index => (int)(index % partitions)), cancellationToken);
        }
    }

    private async Task ProduceAsync(RawClient client, IEnumerable<int> into, CancellationToken cancellationToken)
    {
        var request = new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = 60_000,
            TopicData = [new() { Name = Topic, PartitionData = [.. into.Select(index => new ProduceRequest.PartitionProduceData { Index = index, Records = _batch })] }],
        };
        var answer = await client.AskAsync<ProduceRequest, ProduceResponse>(ApiKey.Produce, 9, request, cancellationToken);
        answer.Responses[0].PartitionResponses.ForEach(partition => Demand(partition.ErrorCode));
    }

    private static void Demand(ErrorCode error)
    {
        if (error != ErrorCode.None)
        {
            throw new IOException($"The broker said {error}.");
        }
    }

    private static byte[] Batch()
    {
        var builder = new RecordBatchBuilder();
        var random = new Random(1);
        var value = new byte[RecordBytes];
        for (var i = 0; i < RecordsPerBatch; i++)
        {
            random.NextBytes(value);
            builder.Add(1_700_000_000_000 + i, Encoding.ASCII.GetBytes($"key-{i}"), value);
        }

        return builder.Build().ToArray();
    }

    private long LogBytes() => Directory.EnumerateFiles(Path.Combine(folder, "data"), "*.log", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

    /// <summary>By read calls, from the disk or from the page cache alike: mapped files, like those of the runtime, do not count.</summary>
    private static long BytesReadBy(int process) =>
        long.Parse(File.ReadLines($"/proc/{process}/io").First(line => line.StartsWith("rchar: ", StringComparison.Ordinal))["rchar: ".Length..]);

    private sealed record Start(BrokerProcess Broker, IPEndPoint Address, TimeSpan Metadata, TimeSpan Produced, long BytesRead)
    {
        public override string ToString() => $"metadata after {Metadata.TotalMilliseconds:F0} ms, a record taken after {Produced.TotalMilliseconds:F0} ms (from the start of the process)";
    }
}
