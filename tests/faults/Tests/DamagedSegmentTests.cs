using System.Net;
using Garam.Faults.Brokers;
using Garam.Kafka;
using Garam.Kafka.Messages;
using Garam.Kafka.Records;

namespace Garam.Faults.Tests;

/// <summary>
/// A disk that has changed what it keeps, in a segment that was closed, synced and below the recovery point. Nothing can bring those records back: but it is said, no reader is led
/// past them as if they had never been, and what lies around them is served.
/// </summary>
public sealed class DamagedSegmentTests : IAsyncLifetime
{
    private const int Batches = 40, BatchesPerSegment = 10;

    private readonly string _folder = Directory.CreateTempSubdirectory("garam-damaged-").FullName;
    private BrokerProcess? _broker;
    private IPEndPoint _address = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        using var client = await RawClient.ConnectAsync(_address, Cancellation);
        await client.AskAsync<CreateTopicsRequest, CreateTopicsResponse>(ApiKey.CreateTopics, 7, new CreateTopicsRequest
        {
            Topics = [new() { Name = "orders", NumPartitions = 1, ReplicationFactor = 1, Configs = [new() { Name = "segment.bytes", Value = $"{BatchesPerSegment * Batch(0).Length}" }] }],
        }, Cancellation);
        for (var number = 0; number < Batches; number++)
        {
            (await ProduceAsync(client, number)).ShouldBe(ErrorCode.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _broker!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_zeroed_page_is_an_error_for_who_reads_it_and_for_nobody_else(bool killed)
    {
        await RestartAsync(killed, bytes => bytes.AsSpan(bytes.Length / 2, 4096).Clear());
        using var client = await RawClient.ConnectAsync(_address, Cancellation);
        var (read, error) = await ReadAsync(client, 0);
        error.ShouldBe(ErrorCode.CorruptMessage);
        read.ShouldBeInRange(BatchesPerSegment + 3, BatchesPerSegment + 6, "everything before the damage is there");
        File.ReadAllText(Path.Combine(_folder, "broker.log")).ShouldContain("Error 1105 orders-0: reading at offset");

        (await ReadAsync(client, 2 * BatchesPerSegment)).ShouldBe((2 * BatchesPerSegment, ErrorCode.None), "what lies behind the damaged segment is there");
        (await ProduceAsync(client, Batches)).ShouldBe(ErrorCode.None);
        (await ReadAsync(client, Batches)).ShouldBe((1, ErrorCode.None));
    }

    [Fact]
    public async Task A_flipped_bit_reaches_the_reader_with_the_checksum_that_gives_it_away()
    {
        await RestartAsync(killed: false, bytes => bytes[bytes.Length / 2 + Batch(0).Length / 2] ^= 4);
        using var client = await RawClient.ConnectAsync(_address, Cancellation);
        var wrong = 0;
        for (var offset = 0L; offset < Batches;)
        {
            for (ReadOnlySpan<byte> rest = (await FetchAsync(client, offset)).Records!.Value.Span; RecordBatch.TryRead(rest, out var batch); rest = rest[batch.Bytes.Length..])
            {
                wrong += batch.HasValidCrc ? 0 : 1;
                offset = batch.Header.LastOffset + 1;
            }
        }

        wrong.ShouldBe(1);
    }

    private static byte[] Batch(int number)
    {
        var builder = new RecordBatchBuilder();
        var value = new byte[2000];
        new Random(number).NextBytes(value);
        builder.Add(1_700_000_000_000 + number, [], value);
        return builder.Build().ToArray();
    }

    /// <param name="killed">Else it is stopped in order.</param>
    /// <param name="damage">What becomes of the second segment.</param>
    private async Task RestartAsync(bool killed, Action<byte[]> damage)
    {
        await _broker!.StopAsync(Cancellation);
        if (killed)
        {
            await StartAsync();
            await _broker.KillAsync(Cancellation);
        }

        var segment = Path.Combine(_folder, "data", "orders-0", $"{BatchesPerSegment:D20}.log");
        var bytes = await File.ReadAllBytesAsync(segment, Cancellation);
        damage(bytes);
        await File.WriteAllBytesAsync(segment, bytes, Cancellation);
        await StartAsync();
    }

    private async Task StartAsync()
    {
        _broker = BrokerProcess.Launch(_folder, "", []);
        _address = await _broker.WhenReadyAsync(Cancellation);
    }

    private static async Task<ErrorCode> ProduceAsync(RawClient client, int number)
    {
        var answer = await client.AskAsync<ProduceRequest, ProduceResponse>(ApiKey.Produce, 9, new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = 30_000,
            TopicData = [new() { Name = "orders", PartitionData = [new() { Index = 0, Records = Batch(number) }] }],
        }, Cancellation);
        return answer.Responses[0].PartitionResponses[0].ErrorCode;
    }

    /// <summary>Reads batches until the end or an error: how many, and which.</summary>
    private static async Task<(int Batches, ErrorCode Error)> ReadAsync(RawClient client, long offset)
    {
        for (var batches = 0; ;)
        {
            var found = await FetchAsync(client, offset);
            if (found.ErrorCode != ErrorCode.None || offset >= found.HighWatermark)
            {
                return (batches, found.ErrorCode);
            }

            for (ReadOnlySpan<byte> rest = found.Records!.Value.Span; RecordBatch.TryRead(rest, out var batch); rest = rest[batch.Bytes.Length..])
            {
                batches++;
                offset = batch.Header.LastOffset + 1;
            }
        }
    }

    private static async Task<FetchResponse.PartitionData> FetchAsync(RawClient client, long offset)
    {
        var answer = await client.AskAsync<FetchRequest, FetchResponse>(ApiKey.Fetch, 12, new FetchRequest
        {
            MaxBytes = 1 << 20,
            SessionEpoch = -1,
            Topics = [new() { Topic = "orders", Partitions = [new() { Partition = 0, FetchOffset = offset, PartitionMaxBytes = 1 << 20 }] }],
        }, Cancellation);
        return answer.Responses[0].Partitions[0];
    }
}
