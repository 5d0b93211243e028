using Garam.Broker.Log;
using Garam.Kafka;
using Garam.Kafka.Records;

namespace Garam.Broker.Tests.Log;

public sealed class OffsetLookupTests : IAsyncLifetime
{
    private readonly LogFolder _folder = new() { Config = new LogConfig { SegmentBytes = 1_000, IndexIntervalBytes = 150 } };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_first_record_that_is_late_enough_is_found_whatever_the_order_of_times(int seed)
    {
        var random = new Random(seed);
        var log = _folder.Open();
        var times = new List<long>();
        for (var batch = 0; batch < 120; batch++)
        {
            var builder = new RecordBatchBuilder();
            for (var count = random.Next(1, 4); count > 0; count--)
            {
                var time = 1_000 + batch * 10 + random.Next(-60, 60);
                times.Add(time);
                builder.Add(time, "k"u8, "v"u8);
            }
            log.Append(builder.Build(), AppendOrigin.Client).Error.ShouldBe(ErrorCode.None);
        }
        Check();
        log = await _folder.RestartAsync();
        Check();
        await using var crashed = _folder.CrashCopy();
        log = crashed.Open();
        Check();

        void Check()
        {
            for (var target = times.Min() - 1; target <= times.Max() + 1; target += 3)
            {
                var expected = times.FindIndex(time => time >= target);
                var found = log.FindOffsetByTimestamp(target, IsolationLevel.ReadUncommitted);
                (found?.Offset ?? -1, found?.Timestamp ?? -1).ShouldBe((expected, expected < 0 ? -1 : times[expected]), $"target {target}");
            }
            log.FindMaxTimestamp()!.Value.ShouldBe(new OffsetAndTimestamp(times.IndexOf(times.Max()), times.Max(), 0));
        }
    }

    [Fact]
    public void An_empty_log_has_no_times()
    {
        var log = _folder.Open();
        log.FindMaxTimestamp().ShouldBeNull();
        log.FindOffsetByTimestamp(0, IsolationLevel.ReadUncommitted).ShouldBeNull();
    }

    [Fact]
    public void The_broker_s_clock_stands_for_every_record_where_the_topic_says_so_and_never_goes_back()
    {
        _folder.Config = new LogConfig { TimestampType = TimestampType.LogAppendTime };
        var log = _folder.Open();
        var first = log.Append(Batches.Of("a", "b"), AppendOrigin.Client).LogAppendTime;
        first.ShouldBe(_folder.Clock.Milliseconds);
        _folder.Clock.SetWallClock(TimeSpan.FromSeconds(-10));
        log.Append(Batches.Of("c"), AppendOrigin.Client).LogAppendTime.ShouldBe(first);
        Batches.ReadAll(log).ShouldAllBe(record => record.Timestamp == first);
        log.FindOffsetByTimestamp(first, IsolationLevel.ReadUncommitted)!.Value.Offset.ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Log_append_times_never_go_back_when_the_clock_was_set_back_before_a_restart(bool withEmptyActiveSegment)
    {
        _folder.Config = new LogConfig { TimestampType = TimestampType.LogAppendTime };
        var log = _folder.Open();
        var first = log.Append(Batches.Of("a"), AppendOrigin.Client).LogAppendTime;
        if (withEmptyActiveSegment)
        {
            log.TryRollAt(log.LogEndOffset).ShouldBeTrue();
        }
        _folder.Clock.SetWallClock(TimeSpan.FromHours(-1));
        log = await _folder.RestartAsync();
        log.Append(Batches.Of("b"), AppendOrigin.Client).LogAppendTime.ShouldBe(first);
        _folder.Clock.Advance(TimeSpan.FromHours(2));
        log.Append(Batches.Of("c"), AppendOrigin.Client).LogAppendTime.ShouldBe(_folder.Clock.Milliseconds);
    }

    [Fact]
    public async Task Times_of_producers_do_not_hold_back_the_broker_s_own_when_a_topic_is_switched_to_them()
    {
        _folder.Open().Append(Batches.Of(_folder.Clock.Milliseconds + 1_000_000, "from the future"), AppendOrigin.Client);
        _folder.Config = new LogConfig { TimestampType = TimestampType.LogAppendTime };
        var log = await _folder.RestartAsync();
        log.Append(Batches.Of("a"), AppendOrigin.Client).LogAppendTime.ShouldBe(_folder.Clock.Milliseconds);
    }

    [Fact]
    public void A_record_of_the_future_is_refused_and_named()
    {
        var log = _folder.Open();
        var builder = new RecordBatchBuilder();
        builder.Add(_folder.Clock.Milliseconds, "k"u8, "now"u8);
        builder.Add(_folder.Clock.Milliseconds + 3_600_001, "k"u8, "later"u8);
        var result = log.Append(builder.Build(), AppendOrigin.Client);
        result.Error.ShouldBe(ErrorCode.InvalidTimestamp);
        result.Fault!.Records.ShouldHaveSingleItem().Index.ShouldBe(1);
    }

    [Fact]
    public void Bytes_available_are_those_that_a_read_would_give()
    {
        var log = _folder.Open();
        for (var index = 0; index < 60; index++)
        {
            log.Append(Batches.Of($"value {index}"), AppendOrigin.Client);
        }
        log.Segments.Length.ShouldBeGreaterThan(2);
        for (var offset = 0; offset <= 60; offset++)
        {
            var expected = 0;
            for (var at = (long)offset; at < 60;)
            {
                var buffer = new byte[100_000];
                var read = log.Read(at, IsolationLevel.ReadUncommitted, buffer);
                expected += read.Bytes;
                at += CountBatches(buffer.AsSpan(0, read.Bytes));
            }
            log.AvailableBytes(offset, IsolationLevel.ReadUncommitted).ShouldBe(expected, $"offset {offset}");
        }
    }

    private static int CountBatches(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        for (; RecordBatch.TryRead(bytes, out var batch); bytes = bytes[batch.Bytes.Length..])
        {
            count++;
        }
        return count;
    }
}
