using Garam.Broker.Log;
using Garam.Broker.Tests.PowerLoss;
using Garam.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Broker.Tests.Log;

public sealed class CleanStopTests
{
    private readonly TestClock _clock = new();
    private readonly SimulatedDisk _disk = new(new DirectoryNode { Entries = { ["data"] = new DirectoryNode() } });

    [Fact]
    public async Task Partitions_that_were_never_written_to_cost_a_clean_stop_and_a_checkpoint_no_sync()
    {
        var logs = Open(out _);
        for (var partition = 0; partition < 100; partition++) logs.Create(new TopicPartition("many", partition), Guid.NewGuid(), new LogConfig());
        var before = Syncs();
        foreach (var log in logs.Logs) log.Checkpoint();
        Syncs().ShouldBe(before);
        await logs.DisposeAsync();
        (Syncs() - before).ShouldBeLessThan(10, "the checkpoint files and the mark of a clean stop");

        logs = Open(out _);
        logs.Logs.Count.ShouldBe(100);
        logs.IsAfterCrash.ShouldBeFalse();
        await logs.AbandonAsync();
    }

    [Fact]
    public async Task The_first_record_after_a_clean_stop_makes_the_name_of_its_partition_durable_as_well()
    {
        var name = new TopicPartition("many", 0);
        var logs = Open(out _);
        logs.Create(name, Guid.NewGuid(), new LogConfig());
        await logs.DisposeAsync();

        logs = Open(out var flusher);
        var log = logs.Find(name)!;
        log.UpdateConfig(new LogConfig { FlushMessages = 1 });
        var before = _disk.Journal.Count;
        log.Append(Batches.Of("kept"), AppendOrigin.Client).Error.ShouldBe(ErrorCode.None);
        flusher.FlushQueued();
        log.HighWatermark.ShouldBe(1);
        _disk.Journal.Skip(before).OfType<Sync>().Select(step => step.Path).ShouldContain(BrokerOnDisk.Path);
        await logs.AbandonAsync();
    }

    private LogManager Open(out LogFlusher flusher)
    {
        flusher = new LogFlusher(hasThread: false);
        return LogManager.Open(BrokerOnDisk.Path, new LogManagerOptions(), new LogServices(_clock, NullLogger.Instance, flusher, _disk), CancellationToken.None);
    }

    private int Syncs() => _disk.Journal.OfType<Sync>().Count();
}
