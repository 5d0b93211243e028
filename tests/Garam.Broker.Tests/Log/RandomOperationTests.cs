using Garam.Broker.Log;
using Garam.Kafka;

namespace Garam.Broker.Tests.Log;

public sealed class RandomOperationTests
{
    /// <summary>Appends, reads, restarts and crashes in any order: the log always holds what a list holds.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_log_is_a_list(int seed)
    {
        var random = new Random(seed);
        var folder = new LogFolder { Config = new LogConfig { SegmentBytes = random.Next(400, 5_000), IndexIntervalBytes = random.Next(1, 600), FlushMessages = random.Next(2) == 0 ? long.MaxValue : 1 } };
        var log = folder.Open();
        var model = new List<string>();
        for (var step = 0; step < 300; step++)
        {
            switch (random.Next(100))
            {
                case < 70:
                    var values = Enumerable.Range(0, random.Next(1, 6)).Select(index => $"{step}.{index} {new string('x', random.Next(60))}").ToArray();
                    log.Append(Batches.Of(values), AppendOrigin.Client).BaseOffset.ShouldBe(model.Count);
                    model.AddRange(values);
                    break;
                case < 94:
                    var from = random.Next(model.Count + 1);
                    SpinWait.SpinUntil(() => log.HighWatermark == model.Count, TimeSpan.FromSeconds(20)).ShouldBeTrue();
                    Batches.ReadAll(log, from, random.Next(50, 3_000)).Select(record => record.Value).ShouldBe(model.Skip(from));
                    break;
                case < 97:
                    log = await folder.RestartAsync();
                    break;
                default:
                    var crashed = folder.CrashCopy();
                    await folder.DisposeAsync();
                    folder = crashed;
                    log = folder.Open();
                    break;
            }
            log.LogEndOffset.ShouldBe(model.Count);
        }
        await folder.DisposeAsync();
    }

    [Fact]
    public async Task A_reader_beside_a_writer_sees_every_record_once_and_whole()
    {
        const int Records = 3_000;
        var folder = new LogFolder { Config = new LogConfig { SegmentBytes = 20_000, IndexIntervalBytes = 300 } };
        var log = folder.Open();
        var writer = new Thread(() =>
        {
            for (var index = 0; index < Records; index++)
            {
                log.Append(Batches.Of($"{index}"), AppendOrigin.Client).Error.ShouldBe(ErrorCode.None);
            }
        });
        writer.Start();
        var seen = new List<SeenRecord>();
        while (seen.Count < Records)
        {
            seen.AddRange(Batches.ReadAll(log, seen.Count, 2_000));
        }
        writer.Join();
        seen.Select(record => record.Value).ShouldBe(Enumerable.Range(0, Records).Select(index => $"{index}"));
        await folder.DisposeAsync();
    }

    [Fact]
    public async Task An_append_and_a_read_allocate_nothing()
    {
        await using var folder = new LogFolder { Config = new LogConfig { TimestampAfterMaxMs = long.MaxValue } };
        var log = folder.Open();
        var batches = Enumerable.Range(0, 2_000).Select(sequence => Batches.Sequenced(9, 0, sequence)).ToArray();
        var buffer = new byte[10_000];
        Run(0, 1_000).ShouldBe(0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var wrong = Run(1_000, 2_000);
        var perOperation = (GC.GetAllocatedBytesForCurrentThread() - before) / 2_000.0;
        wrong.ShouldBe(0);
        perOperation.ShouldBeLessThan(8, "bytes per operation: only the index grows, now and then");

        int Run(int from, int to)
        {
            var wrongReads = 0;
            for (var index = from; index < to; index++)
            {
                var offset = log.Append(batches[index], AppendOrigin.Client).BaseOffset;
                wrongReads += log.Read(offset, IsolationLevel.ReadUncommitted, buffer).Bytes == batches[index].Length ? 0 : 1;
            }
            return wrongReads;
        }
    }
}
