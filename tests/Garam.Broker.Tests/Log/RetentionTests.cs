using Garam.Broker.Log;
using Garam.Kafka;

namespace Garam.Broker.Tests.Log;

public sealed class RetentionTests : IAsyncLifetime
{
    private readonly LogFolder _folder = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task Segments_go_when_their_newest_record_is_too_old()
    {
        _folder.Config = new LogConfig { SegmentBytes = 300, RetentionMs = 3_600_000, TimestampAfterMaxMs = long.MaxValue };
        var log = _folder.Open();
        _folder.Manager.Start();
        var start = _folder.Clock.Milliseconds;
        for (var minute = 0; minute < 30; minute++)
        {
            log.Append(Batches.Of(start + minute * 60_000, $"minute {minute}"), AppendOrigin.Client).Error.ShouldBe(ErrorCode.None);
        }
        _folder.Clock.Advance(TimeSpan.FromMinutes(76));
        var kept = Batches.ReadAll(log, log.LogStartOffset);
        log.LogStartOffset.ShouldBeInRange(10, 15);
        kept[0].Offset.ShouldBe(log.LogStartOffset);
        kept[^1].Value.ShouldBe("minute 29");
        log.Read(0, IsolationLevel.ReadUncommitted, new byte[1000]).Error.ShouldBe(ErrorCode.OffsetOutOfRange);

        _folder.Clock.Advance(TimeSpan.FromHours(1));
        log.LogStartOffset.ShouldBe(30, "also the active segment goes in the end");
        log.LogEndOffset.ShouldBe(30);
        log.SizeInBytes.ShouldBe(0);
        log = await _folder.RestartAsync();
        log.LogEndOffset.ShouldBe(30, "an empty log keeps its offsets");
        log.LogStartOffset.ShouldBe(30);
        log.Append(Batches.Of("next"), AppendOrigin.Client).BaseOffset.ShouldBe(30);
        Directory.GetFiles(_folder.PartitionPath, "*.deleted").ShouldBeEmpty();
    }

    [Fact]
    public void A_batch_that_comes_after_retention_has_judged_its_segment_is_not_deleted_with_it()
    {
        var log = _folder.Open();
        var judged = log.LogEndOffset;
        log.Append(Batches.Of("first"), AppendOrigin.Client).Error.ShouldBe(ErrorCode.None);
        log.TryRollAt(judged).ShouldBeFalse("the segment holds what nobody has judged");
        log.TryRollAt(log.LogEndOffset).ShouldBeTrue();
        log.TryRollAt(log.LogEndOffset).ShouldBeFalse("it is empty");
    }

    [Fact]
    public void The_oldest_segments_go_while_the_rest_is_large_enough()
    {
        _folder.Config = new LogConfig { SegmentBytes = 300, RetentionBytes = 900, RetentionMs = -1 };
        var log = _folder.Open();
        _folder.Manager.Start();
        for (var index = 0; index < 40; index++)
        {
            log.Append(Batches.Of($"value {index}"), AppendOrigin.Client);
        }
        _folder.Clock.Advance(TimeSpan.FromMinutes(5));
        log.SizeInBytes.ShouldBeInRange(900, 1200);
        log.LogStartOffset.ShouldBe(log.Segments[0].BaseOffset);
        Batches.ReadAll(log, log.LogStartOffset)[^1].Value.ShouldBe("value 39");
    }

    [Fact]
    public void Without_a_cleanup_policy_everything_is_kept()
    {
        _folder.Config = new LogConfig { SegmentBytes = 300, RetentionMs = 1, RetentionBytes = 0, CleanupPolicy = CleanupPolicy.None };
        var log = _folder.Open();
        _folder.Manager.Start();
        for (var index = 0; index < 30; index++)
        {
            log.Append(Batches.Of("value"), AppendOrigin.Client);
        }
        _folder.Clock.Advance(TimeSpan.FromDays(400));
        Batches.ReadAll(log).Count.ShouldBe(30);
    }

    [Fact]
    public async Task Readers_of_a_log_that_is_deleted_and_compacted_under_them_get_their_offset_or_are_told_that_it_is_gone()
    {
        _folder.Config = new LogConfig
        {
            SegmentBytes = 500, RetentionBytes = 3_000, RetentionMs = -1, FileDeleteDelayMs = 0, IndexIntervalBytes = 100,
            CleanupPolicy = CleanupPolicy.Delete | CleanupPolicy.Compact, MinCleanableDirtyRatio = 0.01,
        };
        var log = _folder.Open();
        _folder.Manager.Start();
        using var stop = new CancellationTokenSource();
        var reads = new int[2];
        var rounds = LongMode.Pick(600, 3_000);
        var readers = Enumerable.Range(0, reads.Length).Select(reader => Task.Run(() => ReadRandomly(log, ref reads[reader], stop.Token))).ToList();
        for (var index = 0; !readers.Any(reader => reader.IsCompleted) && (index < rounds || reads.Min() < rounds); index++)
        {
            log.Append(Batches.Keyed(1_000, $"k{index % 50}", $"{index}"), AppendOrigin.Client).BaseOffset.ShouldBe(index);
            if (index % 20 == 0)
            {
                _folder.Clock.Advance(TimeSpan.FromMinutes(5));
            }
        }
        await stop.CancelAsync();
        await Task.WhenAll(readers);
        _folder.Messages.ShouldNotContain(message => message.Contains("reading at offset"));
    }

    /// <summary>A record's value is its offset: whatever is read shows whether it is the right one.</summary>
    private static void ReadRandomly(PartitionLog log, ref int reads, CancellationToken stop)
    {
        var buffer = new byte[600];
        for (; !stop.IsCancellationRequested; Volatile.Write(ref reads, reads + 1))
        {
            var offset = Random.Shared.NextInt64(Math.Max(0, log.LogStartOffset - 10), log.LogEndOffset + 1);
            var read = log.Read(offset, IsolationLevel.ReadUncommitted, buffer);
            if (read.Error == ErrorCode.OffsetOutOfRange)
            {
                offset.ShouldBeLessThan(log.LogStartOffset);
                continue;
            }
            read.Error.ShouldBe(ErrorCode.None);
            for (var bytes = (ReadOnlySpan<byte>)buffer.AsSpan(0, read.Bytes); !bytes.IsEmpty;)
            {
                Kafka.Records.RecordBatch.TryRead(bytes, out var batch).ShouldBeTrue();
                batch.HasValidCrc.ShouldBeTrue();
                batch.Header.LastOffset.ShouldBeGreaterThanOrEqualTo(offset);
                for (var records = batch.ReadRecords(); records.TryRead(out var record);)
                {
                    System.Text.Encoding.UTF8.GetString(record.Value).ShouldBe($"{record.Offset}");
                }
                bytes = bytes[batch.Bytes.Length..];
            }
        }
    }

    [Fact]
    public void A_reader_finishes_a_segment_that_is_deleted_under_it()
    {
        _folder.Config = new LogConfig { SegmentBytes = 300, RetentionBytes = 0, RetentionMs = -1 };
        var log = _folder.Open();
        for (var index = 0; index < 10; index++)
        {
            log.Append(Batches.Of($"value {index}"), AppendOrigin.Client);
        }
        var segment = log.Segments[0];
        _folder.Manager.Start();
        _folder.Clock.Advance(TimeSpan.FromMinutes(5));
        log.LogStartOffset.ShouldBe(10);
        segment.File.Path.ShouldEndWith(".deleted");
        segment.File.Read(new byte[100], 0).ShouldBe(100);
        _folder.Clock.Advance(TimeSpan.FromMinutes(1));
        Directory.GetFiles(_folder.PartitionPath, "*.deleted").ShouldBeEmpty();
    }

    [Fact]
    public void A_log_without_a_cleanup_policy_keeps_everything()
    {
        _folder.Config = new LogConfig { SegmentBytes = 300, RetentionBytes = 0, RetentionMs = 1, CleanupPolicy = CleanupPolicy.None };
        var log = _folder.Open();
        _folder.Manager.Start();
        for (var index = 0; index < 10; index++)
        {
            log.Append(Batches.Of($"value {index}"), AppendOrigin.Client);
        }
        _folder.Clock.Advance(TimeSpan.FromDays(2));
        log.LogStartOffset.ShouldBe(0);
    }

    [Fact]
    public async Task A_log_start_that_was_moved_into_a_segment_survives_a_restart()
    {
        var log = _folder.Open();
        log.Append(Batches.Of("a", "b", "c", "d"), AppendOrigin.Client);
        log.AdvanceLogStart(5).ShouldBe(ErrorCode.OffsetOutOfRange);
        log.AdvanceLogStart(2).ShouldBe(ErrorCode.None);
        log = await _folder.RestartAsync();
        log.LogStartOffset.ShouldBe(2);
        log.Read(1, IsolationLevel.ReadUncommitted, new byte[1000]).Error.ShouldBe(ErrorCode.OffsetOutOfRange);
        Batches.ReadAll(log, 2).Select(record => record.Value).ShouldBe(["c", "d"]);
        log.FindOffsetByTimestamp(0, IsolationLevel.ReadUncommitted)!.Value.Offset.ShouldBe(2);
    }

    [Fact]
    public void A_segment_is_closed_by_its_age()
    {
        _folder.Config = new LogConfig { SegmentMs = 60_000, TimestampAfterMaxMs = long.MaxValue };
        var log = _folder.Open();
        var start = _folder.Clock.Milliseconds;
        log.Append(Batches.Of(start, "a"), AppendOrigin.Client);
        log.Append(Batches.Of(start + 60_000, "b"), AppendOrigin.Client);
        log.Segments.Length.ShouldBe(1);
        log.Append(Batches.Of(start + 60_001, "c"), AppendOrigin.Client);
        log.Segments.Length.ShouldBe(2);
    }
}
