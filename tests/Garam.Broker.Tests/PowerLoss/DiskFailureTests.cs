using Garam.Broker.Log;
using Garam.Broker.Tests.Log;
using Garam.Broker.Topics;
using Garam.Kafka;

namespace Garam.Broker.Tests.PowerLoss;

/// <summary>A disk that is full, and one whose fsync fails: nothing is acknowledged that may not be there.</summary>
public sealed class DiskFailureTests
{
    private static readonly IOException Full = new("No space left on device"), Broken = new("Input/output error"), TooManyOpenFiles = new("Too many open files", 24);

    private readonly DirectoryNode _root = new() { Entries = { ["data"] = new DirectoryNode() } };
    private readonly TestClock _clock = new();

    [Fact]
    public void A_full_disk_refuses_batches_whole_and_goes_on_when_there_is_space_again()
    {
        var (disk, broker, log) = Start();
        Append(broker, log, "before").ShouldBe(ErrorCode.None);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            disk.Failure = step => step is Write ? Full : null;
            Append(broker, log, new string('x', 400)).ShouldBe(ErrorCode.KafkaStorageError);
            disk.Failure = null;
            Append(broker, log, $"after {attempt}").ShouldBe(ErrorCode.None);
        }
        Values(log).ShouldBe(["before", "after 0", "after 1", "after 2", "after 3", "after 4"]);
        broker.Kill();
        Values(BrokerOnDisk.Start(disk, _clock).Find("topic")!).Count.ShouldBe(6);
    }

    [Fact]
    public void A_full_disk_that_stays_full_while_segments_roll_and_checkpoints_are_due_loses_nothing()
    {
        var (disk, broker, log) = Start(("segment.bytes", "300"), ("retention.ms", "-1"));
        for (var index = 0; index < 10; index++)
        {
            Append(broker, log, $"{index}").ShouldBe(ErrorCode.None);
        }
        disk.Failure = step => step is Write or Link ? Full : null;
        Append(broker, log, new string('x', 150)).ShouldBe(ErrorCode.KafkaStorageError);
        _clock.Advance(TimeSpan.FromMinutes(10));
        Values(log).Count.ShouldBe(10, "reads go on");
        disk.Failure = null;
        Append(broker, log, "again").ShouldBe(ErrorCode.None);
        _clock.Advance(TimeSpan.FromMinutes(10));
        broker.Stop();
        Values(BrokerOnDisk.Start(disk, _clock).Find("topic")!).Count.ShouldBe(11);
    }

    [Fact]
    public void After_a_failed_fsync_nothing_is_acknowledged_until_the_next_start_even_if_the_disk_says_yes_again()
    {
        var (disk, broker, log) = Start();
        Append(broker, log, "kept").ShouldBe(ErrorCode.None);
        var once = Broken;
        disk.Failure = step => step is Sync && step.Path.Contains("topic-0", StringComparison.Ordinal) ? Interlocked.Exchange(ref once, null) : null;
        Append(broker, log, "of unknown fate").ShouldBe(ErrorCode.KafkaStorageError);
        Append(broker, log, "behind it").ShouldBe(ErrorCode.KafkaStorageError, "a second sync that succeeds says nothing about the first");
        Values(log).ShouldBe(["kept"], "nobody sees what may not be there");
        broker.Logs.Problems.All.ShouldHaveSingleItem().Message.ShouldContain("topic-0 is read-only");
        broker.Kill();

        log = BrokerOnDisk.Start(disk, _clock).Find("topic")!;
        Values(log)[0].ShouldBe("kept");
        log.LeaderEpoch.ShouldBeGreaterThan(0);
        log.Append(Batches.Of("next"), AppendOrigin.Client).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void While_no_file_can_be_opened_appends_are_refused_and_the_partition_goes_on_by_itself_when_it_is_over()
    {
        var (disk, broker, log) = Start();
        Append(broker, log, "before").ShouldBe(ErrorCode.None);
        log.CloseFiles();
        disk.OpenFailure = _ => TooManyOpenFiles;
        Append(broker, log, "refused").ShouldBe(ErrorCode.KafkaStorageError, "clients try again");
        Append(broker, log, "refused too").ShouldBe(ErrorCode.KafkaStorageError);
        broker.Logs.Problems.All.ShouldHaveSingleItem().Message.ShouldContain("Too many open files");

        disk.OpenFailure = null;
        Append(broker, log, "after").ShouldBe(ErrorCode.None);
        Values(log).ShouldBe(["before", "after"]);
        broker.Logs.Problems.All.ShouldBeEmpty();
    }

    [Fact]
    public void A_file_that_cannot_be_opened_for_its_sync_is_no_failed_sync_and_is_synced_later()
    {
        var (disk, broker, log) = Start();
        Append(broker, log, "before").ShouldBe(ErrorCode.None);
        var appended = log.Append(Batches.Of("in the file"), AppendOrigin.Client);
        log.CloseFiles();
        disk.OpenFailure = _ => TooManyOpenFiles;
        broker.WaitUntilCommitted(log, appended.LastOffset + 1).ShouldBe(ErrorCode.KafkaStorageError, "nobody waits for ever");
        log.HighWatermark.ShouldBe(1);
        broker.Logs.Problems.All.ShouldHaveSingleItem().Message.ShouldContain("cannot be synced");

        disk.OpenFailure = null;
        _clock.Advance(TimeSpan.FromSeconds(2));
        broker.FlushQueued();
        log.HighWatermark.ShouldBe(2);
        Append(broker, log, "after").ShouldBe(ErrorCode.None);
        Values(log).ShouldBe(["before", "in the file", "after"]);
        broker.Logs.Problems.All.ShouldBeEmpty();
    }

    [Fact]
    public void A_batch_that_is_half_in_the_file_is_removed_before_the_next_one_even_if_the_file_could_not_be_opened_to_do_it_at_once()
    {
        var (disk, broker, log) = Start(("segment.bytes", "2000"));
        Append(broker, log, "before").ShouldBe(ErrorCode.None);
        disk.Failure = step => step is Write ? Full : null;
        disk.OpenFailure = _ => TooManyOpenFiles;
        disk.Failing = () => log.CloseFiles();
        Append(broker, log, new string('x', 400)).ShouldBe(ErrorCode.KafkaStorageError);
        (disk.Failure, disk.OpenFailure, disk.Failing) = (null, null, null);
        for (var index = 0; index < 10; index++) Append(broker, log, new string('y', 400)).ShouldBe(ErrorCode.None);
        broker.Kill();
        Values(BrokerOnDisk.Start(disk, _clock).Find("topic")!).Count.ShouldBe(11);
    }

    private (SimulatedDisk Disk, BrokerOnDisk Broker, PartitionLog Log) Start(params (string Name, string Value)[] configs)
    {
        var disk = new SimulatedDisk(_root);
        var broker = BrokerOnDisk.Start(disk, _clock);
        var topic = new NewTopic("topic", 1, configs.ToDictionary(config => config.Name, config => config.Value));
        broker.Wait(broker.Topics.CreateAsync(topic, validateOnly: false, CancellationToken.None).AsTask()).Error.ShouldBe(ErrorCode.None);
        return (disk, broker, broker.Find("topic")!);
    }

    private static ErrorCode Append(BrokerOnDisk broker, PartitionLog log, string value)
    {
        var appended = log.Append(Batches.Of(value), AppendOrigin.Client);
        return appended.Error == ErrorCode.None ? broker.WaitUntilCommitted(log, appended.LastOffset + 1) : appended.Error;
    }

    private static List<string?> Values(PartitionLog log) => [.. Batches.ReadAll(log).Select(record => record.Value)];
}
