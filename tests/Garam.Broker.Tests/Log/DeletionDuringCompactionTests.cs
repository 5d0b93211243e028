using Garam.Broker.Log;
using Garam.Broker.Tests.PowerLoss;
using Garam.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Broker.Tests.Log;

public sealed class DeletionDuringCompactionTests
{
    [Fact]
    public async Task A_deletion_waits_for_one_batch_of_a_compaction_and_not_for_the_rest_of_the_segment()
    {
        var clock = new TestClock();
        var disk = new SimulatedDisk(new DirectoryNode { Entries = { ["data"] = new DirectoryNode() } });
        var flusher = new LogFlusher(hasThread: false);
        var logs = LogManager.Open(BrokerOnDisk.Path, new LogManagerOptions(), new LogServices(clock, NullLogger.Instance, flusher, disk), CancellationToken.None);
        var name = new TopicPartition("compacted", 0);
        var config = new LogConfig { CleanupPolicy = CleanupPolicy.Compact, SegmentBytes = 10_000, MinCleanableDirtyRatio = 0, TimestampAfterMaxMs = long.MaxValue };
        var log = logs.Create(name, Guid.NewGuid(), config);
        for (var i = 0; i < 300; i++) log.Append(Batches.Keyed(clock.Milliseconds, $"k{i % 150}", "value"), AppendOrigin.Client).Error.ShouldBe(ErrorCode.None);
        flusher.FlushQueued();
        logs.Start();

        Task? deletion = null;
        var written = 0;
        disk.Failure = step =>
        {
            if (step is not Write || !step.Path.EndsWith(CompactionSwap.CleanedSuffix, StringComparison.Ordinal)) return null;
            written++;
            deletion ??= Task.Run(() => logs.Delete(name));
            SpinWait.SpinUntil(() => log.IsClosed, TimeSpan.FromSeconds(60)).ShouldBeTrue();
            return null;
        };
        clock.Advance(TimeSpan.FromSeconds(15));
        await (deletion ?? throw new InvalidOperationException("the compaction has not begun"));
        written.ShouldBe(1);
        await logs.DisposeAsync();
    }
}
