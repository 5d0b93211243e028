using System.Diagnostics;
using Garam.Broker.Log;
using Garam.Kafka;

namespace Garam.Broker.Tests.Log;

public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly int Kills = LongMode.Pick(3, 8);

    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_the_process_is_killed_again_and_again()
    {
        var data = Directory.CreateTempSubdirectory("garam-kill-").FullName;
        var random = new Random(20261121);
        var (appends, rolls, compactions) = (0, 0, 0);
        for (var kill = 0; kill < Kills; kill++)
        {
            using var acks = LogUnderLoad.OpenAcks(data);
            using var view = acks.CreateViewAccessor();
            var target = view.ReadInt64(sizeof(long)) + random.Next(50, 400);
            using (var process = Start(data))
            {
                SpinWait.SpinUntil(() => view.ReadInt64(sizeof(long)) >= target || process.HasExited, TimeSpan.FromSeconds(60)).ShouldBeTrue();
                process.HasExited.ShouldBeFalse("the appender ended by itself");
                process.Kill();
                await process.WaitForExitAsync();
            }
            rolls += ClosedSegmentsWithoutIndex(data);
            compactions += Directory.GetFiles(data, "*.cleaned", SearchOption.AllDirectories).Length + Directory.GetFiles(data, "*.swap", SearchOption.AllDirectories).Length;
            var acked = LogUnderLoad.Topics.Select((_, index) => view.ReadInt64(index * sizeof(long))).ToArray();
            var manager = LogUnderLoad.Open(data);
            for (var index = 0; index < acked.Length; index++)
            {
                appends += Check(manager.Find(new TopicPartition(LogUnderLoad.Topics[index], 0))!, index, acked[index], kill + 1);
            }
            if (kill % 3 == 2)
            {
                await manager.DisposeAsync(); // else the next process finds what a second crash, during or after recovery, leaves
            }
            else
            {
                await manager.AbandonAsync();
            }
            output.WriteLine($"kill {kill + 1}: acknowledged {string.Join(", ", acked)}; bytes {string.Join(", ", manager.Logs.Select(log => $"{log.Name} {log.SizeInBytes} in {log.Segments.Length}"))}");
        }
        output.WriteLine($"{Kills} kills; in flight: {appends} appends, {rolls} rolls, {compactions} compactions");
        Directory.Delete(data, recursive: true);
    }

    /// <summary>Returns 1 when an append was in the log that nobody had been told of.</summary>
    private static int Check(PartitionLog log, int topic, long acked, int unclean)
    {
        log.LogEndOffset.ShouldBeInRange(acked, acked + 1);
        log.LeaderEpoch.ShouldBeInRange(1, 2 * unclean, "an unclean start begins a new epoch");
        var seen = Batches.ReadAll(log);
        seen.ShouldAllBe(record => record.Value == LogUnderLoad.ValueAt(record.Offset) && record.Key == LogUnderLoad.KeyAt(record.Offset));
        var expected = LogUnderLoad.Topics[topic] == LogUnderLoad.Compacted
            ? Enumerable.Range(0, LogUnderLoad.Keys).Select(back => log.LogEndOffset - 1 - back)
            : Enumerable.Range(0, (int)log.LogEndOffset).Select(offset => (long)offset);
        expected.Except(seen.Select(record => record.Offset)).ShouldBeEmpty("every offset, or the newest of every key");
        for (var back = 1; back <= 5; back++)
        {
            var offset = log.LogEndOffset - back;
            log.Append(LogUnderLoad.BatchAt(topic, offset), AppendOrigin.Client).ShouldSatisfyAllConditions(
                again => again.Error.ShouldBe(ErrorCode.None), again => again.BaseOffset.ShouldBe(offset, "what comes again is recognised"));
        }
        return log.LogEndOffset > acked ? 1 : 0;
    }

    private static int ClosedSegmentsWithoutIndex(string data) => Directory.GetDirectories(data).Sum(partition =>
    {
        var segments = Directory.GetFiles(partition, "*.log").Order(StringComparer.Ordinal).ToList();
        return segments.Take(Math.Max(0, segments.Count - 1)).Count(segment => !File.Exists(Path.ChangeExtension(segment, ".index")));
    });

    private static Process Start(string data)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(KillTests).Assembly.Location, "-explicit", "only", "-method", $"{typeof(LogUnderLoad).FullName}.{nameof(LogUnderLoad.Append_until_killed)}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[LogUnderLoad.Variable] = data;
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }
}
