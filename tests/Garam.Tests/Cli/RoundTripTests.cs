using System.Text;
using Confluent.Kafka;

namespace Garam.Tests.Cli;

/// <summary>What <c>consume</c> writes, <c>produce</c> takes back: any record, byte by byte.</summary>
public sealed class RoundTripTests(Broker broker) : IClassFixture<Broker>
{
    private const int Partitions = 3;
    private const int Records = 300;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1)]
    [InlineData(20261121)]
    public async Task Any_record_comes_back_as_it_was(int seed)
    {
        var (original, copy) = ($"original-{seed}", $"copy-{seed}");
        using var bash = new BashRun(broker.Address);
        (await bash.RunAsync($"garam topic create {original} {copy} -p {Partitions} -c max.message.bytes=8000000")).ShouldExitWith(0);
        await WriteAsync(original, new Random(seed));

        (await bash.RunAsync($"set -o pipefail; garam consume {original} --exit | garam produce {copy} --input ndjson --keep-partitions")).ShouldExitWith(0);
        var (was, now) = (Read(original), Read(copy));
        was.Count.ShouldBe(Records);
        now.ShouldBe(was);
    }

    private async Task WriteAsync(string topic, Random random)
    {
        var config = new ProducerConfig { BootstrapServers = broker.Address, MessageMaxBytes = 8_000_000 };
        using var producer = new ProducerBuilder<byte[]?, byte[]?>(config).Build();
        var written = Enumerable.Range(0, Records).Select(_ => producer.ProduceAsync(
            new TopicPartition(topic, random.Next(Partitions)),
            new Message<byte[]?, byte[]?>
            {
                Key = Bytes(random),
                Value = random.Next(100) == 0 ? new byte[1_500_000] : Bytes(random),
                Headers = Headers(random),
                Timestamp = new Timestamp(random.NextInt64(1, 1_790_000_000_000), TimestampType.CreateTime),
            },
            TestContext.Current.CancellationToken));
        await Task.WhenAll(written);
    }

    private static Headers Headers(Random random)
    {
        var headers = new Headers();
        for (var count = random.Next(4); count > 0; count--)
            headers.Add(random.Next(3) switch { 0 => "same", 1 => "한글 \"\\\u001b\u202e", _ => $"h{random.Next()}" }, Bytes(random));
        return headers;
    }

    // What has gone wrong for others: null beside empty, half a character, marks at the beginning, JSON in JSON, bytes that are no text.
    private static byte[]? Bytes(Random random)
    {
        var bytes = new byte[random.Next(40)];
        random.NextBytes(bytes);
        return random.Next(12) switch
        {
            0 => null,
            1 => [],
            2 => [0],
            3 => [0xED, 0xA0, 0x80],
            4 => [0xEF, 0xBB, 0xBF, (byte)'x'],
            5 => "{\"a\": 9007199254740993, \"b\": \"\\u00e9\\n\"}"u8.ToArray(),
            6 => "line\r\nline\u2028\u0000"u8.ToArray(),
            7 => Encoding.UTF8.GetBytes("\U0001F6F6 가람 e\u0301 \u202e"),
            8 => "null"u8.ToArray(),
            _ => bytes,
        };
    }

    private List<string> Read(string topic)
    {
        var config = new ConsumerConfig { BootstrapServers = broker.Address, GroupId = "reader", EnableAutoCommit = false, EnablePartitionEof = true };
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(config).Build();
        consumer.Assign(Enumerable.Range(0, Partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        var read = new List<(int Partition, long Offset, string Text)>();
        for (var ended = 0; ended < Partitions;)
        {
            var result = consumer.Consume(Patience).ShouldNotBeNull();
            if (result.IsPartitionEOF)
                ended++;
            else
                read.Add((result.Partition.Value, result.Offset.Value, $"{result.Partition.Value}:{result.Offset.Value} {result.Message.Timestamp.UnixTimestampMs} {Hex(result.Message.Key)}={Hex(result.Message.Value)} {string.Join(',', result.Message.Headers.Select(header => $"{header.Key}={Hex(header.GetValueBytes())}"))}"));
        }

        consumer.Close();
        return [.. read.OrderBy(record => record.Partition).ThenBy(record => record.Offset).Select(record => record.Text)];
    }

    private static string Hex(byte[]? bytes) => bytes is null ? "null" : $"[{Convert.ToHexString(bytes)}]";
}
