using System.Diagnostics;
using Garam.Broker.Log;
using Garam.Kafka;
using Garam.Kafka.Records;

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
        for (var index = 0; index < 300; index++)
        {
            var batch = index % 10 == 0 ? Batches.Keyed(1_000 + index, $"k{index % 7}", null) : Batches.Sequenced(index % 3, 0, index / 3 * 2, 2);
            log.Append(batch, index % 10 == 0 ? AppendOrigin.Client : AppendOrigin.Broker).Error.ShouldBe(ErrorCode.None);
        }
        _folder.Manager.Start();
        _folder.Clock.Advance(TimeSpan.FromMinutes(1));
        log.Segments[0].Size.ShouldBeGreaterThan(0);
        await _folder.StopAsync();

        var files = Directory.GetFiles(_folder.PartitionPath).Where(file => Path.GetExtension(file) is ".log" or ".index" or ".timeindex" or ".snapshot").Order().ToList();
        files.Count.ShouldBeGreaterThan(6);
        var output = Run(engine, $"tool kafka dump-log --deep-iteration --files {string.Join(',', files)}");
        output.ShouldContain("isvalid: true");
        output.ShouldContain("producerId: 2");
        foreach (var complaint in new[] { "isvalid: false", "Mismatches", "mismatches", "non-monotonic", "Found timestamp", "out of order", "Exception", "larger than" })
        {
            output.ShouldNotContain(complaint);
        }
    }

    [Fact]
    public void A_folder_that_Kafka_wrote_is_opened_and_continued()
    {
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
