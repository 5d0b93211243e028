using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Broker.Log;
using Garam.Kafka.Records;
using CompressionType = Garam.Kafka.Records.CompressionType;
using ErrorCode = Garam.Kafka.ErrorCode;
using IsolationLevel = Garam.Broker.Log.IsolationLevel;

namespace Garam.Broker.Tests.Log;

/// <summary>What we write, Kafka's own tools read, and what Kafka wrote, we open. Needs <c>GARAM_ENGINE</c>.</summary>
public sealed class KafkaFormatTests : IAsyncLifetime
{
    private readonly LogFolder _folder = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task Kafkas_dump_tool_reads_every_file_of_a_partition_without_a_complaint()
    {
        var engine = Engine();
        _folder.Config = new LogConfig { SegmentBytes = 20_000, IndexIntervalBytes = 500, CleanupPolicy = CleanupPolicy.Compact, MinCleanableDirtyRatio = 0.1 };
        var log = _folder.Open();
        Fill(log);
        _folder.Manager.Start();
        _folder.Clock.Advance(TimeSpan.FromMinutes(1));
        log.CompactedTo.ShouldBeGreaterThan(100);
        Fill(log);
        log.AdvanceLogStart(50).ShouldBe(ErrorCode.None);
        await using var crashed = _folder.CrashCopy();
        File.AppendAllText(Directory.GetFiles(crashed.PartitionPath, "*.log").Order().Last(), "torn");
        crashed.Open().LogEndOffset.ShouldBe(log.LogEndOffset);
        await crashed.StopAsync();
        await _folder.StopAsync();

        var files = Files(_folder).Concat(Files(crashed)).ToList();
        files.Count.ShouldBeGreaterThan(12);
        var output = Run(engine, $"tool kafka dump-log --deep-iteration --files {string.Join(',', files)}");
        output.ShouldContain("isvalid: true");
        output.ShouldContain("producerId: 2");
        foreach (var compression in Codecs)
        {
            output.ShouldContain($"compresscodec: {compression}".ToLowerInvariant());
        }
        foreach (var complaint in new[] { "isvalid: false", "Mismatches", "mismatches", "non-monotonic", "Found timestamp", "out of order", "Exception", "larger than" })
        {
            output.ShouldNotContain(complaint);
        }
    }

    [Fact]
    public void A_folder_that_Kafka_wrote_is_opened_and_continued()
    {
        LongMode.Require();
        var engine = Engine();
        var port = FreePort();
        using var kafka = Start(engine, $"start kafka --port {port} --data {_folder.Path}/kafka --set log.segment.bytes=1048576");
        Feed(engine, $"tool kafka console-producer --bootstrap-server 127.0.0.1:{port} --topic topic --reader-property parse.key=true --reader-property key.separator=: --batch-size 200",
            string.Concat(Enumerable.Range(0, 2000).Select(index => $"k{index}:value {index}\n")));
        Stop(kafka);
        var written = Directory.GetDirectories(_folder.Path, "topic-0", SearchOption.AllDirectories).ShouldHaveSingleItem();
        Directory.Move(written, _folder.PartitionPath);
        Directory.Delete(Path.Combine(_folder.Path, "kafka"), recursive: true);

        var log = _folder.Open();
        log.LogEndOffset.ShouldBe(2000);
        log.TopicId.ShouldNotBe(Guid.Empty);
        Batches.ReadAll(log).Select(record => $"{record.Key}:{record.Value}").ShouldBe(Enumerable.Range(0, 2000).Select(index => $"k{index}:value {index}"));
        log.Append(Batches.Of("more"), AppendOrigin.Client).BaseOffset.ShouldBe(2000);
    }

    [Fact]
    public void The_bytes_of_a_segment_are_those_that_were_sent_but_for_offset_and_epoch()
    {
        var log = _folder.Open();
        log.Append(Batches.Of("first"), AppendOrigin.Client);
        var sent = Batches.Of("second", "third");
        var original = sent.ToArray();
        log.Append(sent, AppendOrigin.Client);

        var file = File.ReadAllBytes(Path.Combine(_folder.PartitionPath, "00000000000000000000.log"));
        var stored = file.AsSpan(^original.Length..);
        Convert.ToHexString(stored[..16]).ShouldBe("0000000000000001" + Convert.ToHexString(original.AsSpan(8, 4)) + "00000000");
        stored[16..].SequenceEqual(original.AsSpan(16)).ShouldBeTrue();
        RecordBatch.TryRead(stored, out var batch).ShouldBeTrue();
        batch.HasValidCrc.ShouldBeTrue();
    }

    [Fact]
    public async Task Small_files_of_a_partition_are_as_Kafka_writes_them()
    {
        var log = _folder.Open();
        log.Append(Batches.Sequenced(7, 1, 3, 2), AppendOrigin.Client);
        await _folder.StopAsync();

        File.ReadAllText(Path.Combine(_folder.PartitionPath, "partition.metadata")).ShouldBe("version: 0\ntopic_id: AZClshERciKDM0REVVVmZg\n");
        File.ReadAllText(Path.Combine(_folder.PartitionPath, "leader-epoch-checkpoint")).ShouldBe("0\n1\n0 0\n");
        File.ReadAllText(Path.Combine(_folder.Path, "recovery-point-offset-checkpoint")).ShouldBe("0\n1\ntopic 0 2\n");
        var snapshot = Convert.ToHexString(File.ReadAllBytes(Path.Combine(_folder.PartitionPath, "00000000000000000002.snapshot")));
        snapshot.ShouldStartWith("0001");
        snapshot[12..].ShouldBe("00000001" + "0000000000000007" + "0001" + "00000004" + "0000000000000001" + "00000001"
            + _folder.Clock.Milliseconds.ToString("X16", System.Globalization.CultureInfo.InvariantCulture) + "FFFFFFFF" + "FFFFFFFFFFFFFFFF");
    }

    [Fact]
    public async Task What_Kafka_has_compacted_compressed_rolled_and_cut_at_its_head_is_served_byte_for_byte_and_continued()
    {
        LongMode.Require();
        var engine = Engine();
        var port = FreePort();
        using var kafka = Start(engine, $"start kafka --port {port} --data {_folder.Path}/kafka --set log.cleaner.backoff.ms=200");
        await ProduceToKafkaAsync($"127.0.0.1:{port}");
        await Eventually.IsAsync(true, () => Directory.GetFiles(_folder.Path, OffsetCheckpoint.Cleaned, SearchOption.AllDirectories)
            .Any(file => File.ReadAllText(file).Contains("\ntopic 0 ", StringComparison.Ordinal)));
        Stop(kafka);
        var written = Directory.GetDirectories(_folder.Path, "topic-0", SearchOption.AllDirectories).ShouldHaveSingleItem();
        File.Copy(Path.Combine(Path.GetDirectoryName(written)!, OffsetCheckpoint.LogStarts), Path.Combine(_folder.Path, OffsetCheckpoint.LogStarts));
        Directory.Move(written, _folder.PartitionPath);
        Directory.Delete(Path.Combine(_folder.Path, "kafka"), recursive: true);
        var segments = Directory.GetFiles(_folder.PartitionPath, "*.log").Order().ToList();
        segments.Count.ShouldBeGreaterThan(1, "what is compacted, and what is still written to");
        var bytes = segments.SelectMany(File.ReadAllBytes).ToArray();

        _folder.Config = new LogConfig { ProducerIdExpirationMs = long.MaxValue, TimestampAfterMaxMs = long.MaxValue }; // the clock of the test is not Kafka's
        var log = _folder.Open();
        log.LogStartOffset.ShouldBe(100);
        var (first, last) = EndsOf(bytes, log.LogStartOffset);
        log.LogEndOffset.ShouldBe(last.NextOffset);
        log.EpochOf(last.LastOffset).ShouldBe(last.PartitionLeaderEpoch);
        RawBytes(log).AsSpan().SequenceEqual(bytes.AsSpan(first)).ShouldBeTrue("every batch is served as Kafka stored it");

        var newest = bytes[^(int)last.SizeInBytes..];
        last.HasProducerId.ShouldBeTrue();
        log.Append(newest.ToArray(), AppendOrigin.Client).BaseOffset.ShouldBe(last.BaseOffset, "it is there already");
        var next = new RecordBatchBuilder { ProducerId = last.ProducerId, ProducerEpoch = last.ProducerEpoch, BaseSequence = last.LastSequence + 1 };
        next.Add(_folder.Clock.Milliseconds, "key"u8, "next"u8);
        log.Append(next.Build(), AppendOrigin.Client).BaseOffset.ShouldBe(last.NextOffset);
        log = await _folder.RestartAsync();
        log.LogEndOffset.ShouldBe(last.NextOffset + 1);
        RawBytes(log).AsSpan(0, bytes.Length - first).SequenceEqual(bytes.AsSpan(first)).ShouldBeTrue();
    }

    /// <summary>Five idempotent producers, each with its compression, to a topic that rolls and compacts at every opportunity; then the head is deleted.</summary>
    private static async Task ProduceToKafkaAsync(string servers)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification
        {
            Name = "topic",
            Configs = new() { ["cleanup.policy"] = "compact,delete", ["segment.ms"] = "1", ["min.cleanable.dirty.ratio"] = "0.01" },
        }]);
        foreach (var compression in Enum.GetValues<Confluent.Kafka.CompressionType>())
        {
            using var producer = new ProducerBuilder<string, string>(new ProducerConfig
            {
                BootstrapServers = servers, EnableIdempotence = true, CompressionType = compression, BatchNumMessages = 25,
            }).Build();
            for (var index = 0; index < 250; index++)
            {
                producer.Produce("topic", new() { Key = $"k{index % 30}", Value = $"{compression} {index}" });
            }
            producer.Flush(TimeSpan.FromSeconds(20)).ShouldBe(0);
        }
        await admin.DeleteRecordsAsync([new(new("topic", 0), 100)]);
    }

    private static (int First, RecordBatchHeader Last) EndsOf(byte[] bytes, long logStart)
    {
        var first = -1;
        RecordBatchHeader last = default;
        for (var at = 0; at < bytes.Length; at += (int)last.SizeInBytes)
        {
            last = RecordBatchHeader.Read(bytes.AsSpan(at));
            first = first < 0 && last.LastOffset >= logStart ? at : first;
        }
        return (first, last);
    }

    private static byte[] RawBytes(PartitionLog log)
    {
        var all = new List<byte>();
        var buffer = new byte[64 * 1024];
        for (var offset = log.LogStartOffset; log.Read(offset, IsolationLevel.ReadUncommitted, buffer) is { Bytes: > 0 } read;)
        {
            read.Error.ShouldBe(ErrorCode.None);
            all.AddRange(buffer.AsSpan(0, read.Bytes));
            offset = EndsOf(buffer[..read.Bytes], 0).Last.NextOffset;
        }
        return [.. all];
    }

    private static readonly CompressionType[] Codecs = Enum.GetValues<CompressionType>();

    private static void Fill(PartitionLog log)
    {
        for (var index = 0; index < 300; index++)
        {
            RecordBatch.TryRead(index % 10 == 0 ? Batches.Keyed(1_000 + index, $"k{index % 7}", null) : Batches.Sequenced(index % 3, 0, index / 3 * 2, 2), out var batch).ShouldBeTrue();
            using var compressed = RecordCompression.Recompress(batch, Codecs[index % Codecs.Length]);
            log.Append(compressed.Bytes, index % 10 == 0 ? AppendOrigin.Client : AppendOrigin.Broker).Error.ShouldBe(ErrorCode.None);
        }
    }

    private static IEnumerable<string> Files(LogFolder folder) =>
        Directory.GetFiles(folder.PartitionPath).Where(file => Path.GetExtension(file) is ".log" or ".index" or ".timeindex" or ".snapshot").Order();

    private static string Engine()
    {
        var engine = Environment.GetEnvironmentVariable("GARAM_ENGINE");
        Assert.SkipWhen(string.IsNullOrEmpty(engine), "GARAM_ENGINE does not name the script that starts Apache Kafka");
        return engine!;
    }

    private static string Run(string program, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output + errors.Result;
    }

    private static void Feed(string program, string arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true })!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0);
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Process Start(string program, string arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadLine().ShouldNotBeNull("Kafka says a line when it is ready");
        return process;
    }

    private static void Stop(Process process)
    {
        Process.Start("kill", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)).WaitForExit();
        process.WaitForExit();
    }
}
