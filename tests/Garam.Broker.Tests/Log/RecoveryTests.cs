using Garam.Broker.Log;
using Garam.Kafka;

namespace Garam.Broker.Tests.Log;

public sealed class RecoveryTests : IAsyncLifetime
{
    private readonly LogFolder _folder = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task What_was_known_of_a_deleted_partition_does_not_pass_for_the_truth_about_one_of_its_name()
    {
        _folder.Config = new LogConfig { SegmentBytes = 100_000, CleanupPolicy = CleanupPolicy.Compact | CleanupPolicy.Delete };
        var log = _folder.Open();
        for (var index = 0; index < 50; index++)
        {
            log.Append(Batches.Of($"old {index}"), AppendOrigin.Client);
        }
        log.AdvanceLogStart(40).ShouldBe(ErrorCode.None);
        await _folder.StopAsync();
        _folder.Open();
        _folder.Manager.Delete(LogFolder.Partition);
        log = _folder.Manager.Create(LogFolder.Partition, Guid.NewGuid(), _folder.Config);
        for (var index = 0; index < 45; index++)
        {
            log.Append(Batches.Of($"new {index}"), AppendOrigin.Client);
        }
        await using var crashed = _folder.CrashCopy();
        log = crashed.Open();
        log.LogStartOffset.ShouldBe(0);
        log.RecoveryPoint.ShouldBe(0);
        Batches.ReadAll(log).Count.ShouldBe(45);
    }

    [Fact]
    public async Task A_torn_tail_is_cut_at_the_last_whole_batch_wherever_it_is_torn()
    {
        var log = _folder.Open();
        log.Append(Batches.Of("a"), AppendOrigin.Client);
        log.Append(Batches.Of("b", "c"), AppendOrigin.Client);
        var whole = log.SizeInBytes;
        log.Append(Batches.Of("d"), AppendOrigin.Client);
        for (var length = whole; length < log.SizeInBytes; length++)
        {
            await using var crashed = _folder.CrashCopy();
            SetLength(crashed, length);
            ShouldHoldThree(crashed.Open(), whole);
        }
    }

    [Fact]
    public async Task A_tail_of_wrong_bytes_is_cut_wherever_they_are_wrong()
    {
        var log = _folder.Open();
        log.Append(Batches.Of("a"), AppendOrigin.Client);
        log.Append(Batches.Of("b", "c"), AppendOrigin.Client);
        var whole = log.SizeInBytes;
        log.Append(Batches.Of("d"), AppendOrigin.Client);
        for (var position = whole; position < log.SizeInBytes; position++)
        {
            if (position - whole is < 8 or (>= 12 and < 16))
            {
                continue; // offset and epoch are not summed: what they hold is checked by its order
            }
            await using var crashed = _folder.CrashCopy();
            Change(crashed, position);
            ShouldHoldThree(crashed.Open(), whole);
        }
    }

    [Fact]
    public async Task A_page_of_zeros_behind_the_log_is_cut()
    {
        var log = _folder.Open();
        log.Append(Batches.Of("a"), AppendOrigin.Client);
        log.Append(Batches.Of("b", "c"), AppendOrigin.Client);
        await using var crashed = _folder.CrashCopy();
        SetLength(crashed, log.SizeInBytes + 4096);
        ShouldHoldThree(crashed.Open(), log.SizeInBytes);
    }

    [Fact]
    public async Task An_unclean_start_begins_a_new_epoch_at_the_log_end()
    {
        var log = _folder.Open();
        log.Append(Batches.Of("a", "b"), AppendOrigin.Client);
        await using var crashed = _folder.CrashCopy();
        var again = crashed.Open();
        again.LeaderEpoch.ShouldBe(1);
        again.EndOffsetForEpoch(0).ShouldBe(new EpochEndOffset(0, 2));
        again.EndOffsetForEpoch(1).ShouldBe(new EpochEndOffset(1, 2));
        again.EndOffsetForEpoch(2).ShouldBe(EpochEndOffset.Undefined);
        again.Append(Batches.Of("c"), AppendOrigin.Client);
        again.EpochOf(1).ShouldBe(0);
        again.EpochOf(2).ShouldBe(1);

        await using var twice = crashed.CrashCopy();
        var third = twice.Open();
        third.LeaderEpoch.ShouldBe(2, "an epoch is never used by two processes");
        third.EndOffsetForEpoch(0).EndOffset.ShouldBe(2);
        third.EndOffsetForEpoch(1).EndOffset.ShouldBe(3);
    }

    [Fact]
    public async Task Recovery_reads_only_past_the_recovery_point()
    {
        _folder.Config = new LogConfig { IndexIntervalBytes = 100 };
        var log = _folder.Open();
        for (var index = 0; index < 50; index++)
        {
            log.Append(Batches.Of($"value {index}"), AppendOrigin.Client);
        }
        log.Segments[0].TryFind(25, out var batch25, out _).ShouldBeTrue();
        log.Checkpoint();
        _folder.Manager.WriteCheckpoints();
        log.Append(Batches.Of("after"), AppendOrigin.Client);

        await using var crashed = _folder.CrashCopy();
        Change(crashed, batch25 + 65); // damage below the recovery point is not looked for; a reader's checksum finds it
        crashed.Open().LogEndOffset.ShouldBe(51);

        await using var unchecked_ = _folder.CrashCopy();
        File.Delete(Path.Combine(unchecked_.Path, OffsetCheckpoint.RecoveryPoints));
        Change(unchecked_, batch25 + 65);
        unchecked_.Open().LogEndOffset.ShouldBe(25, "without a recovery point all is checked");
    }

    [Fact]
    public async Task Segments_behind_damage_do_not_come_back()
    {
        _folder.Config = new LogConfig { SegmentBytes = 300 };
        var log = _folder.Open();
        for (var index = 0; index < 20; index++)
        {
            log.Append(Batches.Of($"value {index}"), AppendOrigin.Client);
        }
        log.Segments.Length.ShouldBeGreaterThan(4);
        var second = log.Segments[1].BaseOffset;
        await using var crashed = _folder.CrashCopy();
        var path = Path.Combine(crashed.PartitionPath, Path.GetFileName(log.Segments[1].File.Path));
        using (var file = File.OpenWrite(path))
        {
            file.Position = 40;
            file.WriteByte(0xff);
        }
        var again = crashed.Open();
        again.LogEndOffset.ShouldBe(second);
        again.Append(Batches.Of("next"), AppendOrigin.Client).BaseOffset.ShouldBe(second);
        again = await crashed.RestartAsync();
        Batches.ReadAll(again).Select(record => record.Offset).ShouldBe(Enumerable.Range(0, (int)second + 1).Select(offset => (long)offset));
    }

    [Theory]
    [InlineData("*.index")]
    [InlineData("*.timeindex")]
    [InlineData("*.snapshot")]
    [InlineData("leader-epoch-checkpoint")]
    [InlineData("partition.metadata")]
    public async Task What_is_derived_is_rebuilt_when_it_is_gone_or_damaged(string files)
    {
        _folder.Config = new LogConfig { SegmentBytes = 2_000, IndexIntervalBytes = 100 };
        var log = _folder.Open();
        for (var index = 0; index < 60; index++)
        {
            log.Append(Batches.Sequenced(5, 0, index), AppendOrigin.Client);
        }
        await _folder.StopAsync();
        foreach (var damage in new Action<string>[] { File.Delete, path => File.WriteAllBytes(path, [1, 2, 3, 4, 5, 6, 7]), path => File.WriteAllBytes(path, new byte[4800]) })
        {
            await using var damaged = _folder.CrashCopy();
            Directory.GetFiles(damaged.PartitionPath, files).ShouldNotBeEmpty();
            Directory.GetFiles(damaged.PartitionPath, files).ToList().ForEach(damage);
            log = damaged.Open();
            log.LogEndOffset.ShouldBe(60);
            Batches.ReadAll(log).Count.ShouldBe(60);
            log.FindOffsetByTimestamp(1_000, IsolationLevel.ReadUncommitted)!.Value.Offset.ShouldBe(0);
            log.Append(Batches.Sequenced(5, 0, 59), AppendOrigin.Client).BaseOffset.ShouldBe(59, "the producer is still known");
            log.Append(Batches.Sequenced(5, 0, 60), AppendOrigin.Client).BaseOffset.ShouldBe(60);
        }
    }

    [Fact]
    public async Task A_deleted_partition_never_comes_back_and_its_name_starts_anew()
    {
        _folder.Open().Append(Batches.Of("old"), AppendOrigin.Client);
        _folder.Manager.Delete(LogFolder.Partition).ShouldBeTrue();
        _folder.Manager.Find(LogFolder.Partition).ShouldBeNull();
        await using (var crashed = _folder.CrashCopy())
        {
            crashed.Open().LogEndOffset.ShouldBe(0);
            Directory.GetDirectories(crashed.Path, "*-delete").ShouldBeEmpty();
        }
        var log = _folder.Manager.Create(LogFolder.Partition, Guid.NewGuid(), new LogConfig());
        log.LogEndOffset.ShouldBe(0);
        Directory.GetDirectories(_folder.Path, "*-delete").ShouldHaveSingleItem();
        _folder.Clock.Advance(TimeSpan.FromMinutes(2));
        Directory.GetDirectories(_folder.Path, "*-delete").ShouldBeEmpty();
    }

    private static void ShouldHoldThree(PartitionLog log, long size)
    {
        log.LogEndOffset.ShouldBe(3);
        log.HighWatermark.ShouldBe(3);
        log.SizeInBytes.ShouldBe(size);
        log.Append(Batches.Of("next"), AppendOrigin.Client).BaseOffset.ShouldBe(3);
        Batches.ReadAll(log).Select(record => record.Value).ShouldBe(["a", "b", "c", "next"]);
    }

    private static void SetLength(LogFolder crashed, long length)
    {
        using var file = File.OpenWrite(FirstSegment(crashed));
        file.SetLength(length);
    }

    private static void Change(LogFolder crashed, long position)
    {
        using var file = File.Open(FirstSegment(crashed), FileMode.Open);
        file.Position = position;
        var value = file.ReadByte();
        file.Position = position;
        file.WriteByte((byte)(value ^ 0x55));
    }

    private static string FirstSegment(LogFolder crashed) => Path.Combine(crashed.PartitionPath, "00000000000000000000.log");
}
