using Garam.Broker.Log;
using Garam.Kafka;

namespace Garam.Broker.Tests.Log;

public sealed class CompactionTests : IAsyncLifetime
{
    private readonly LogFolder _folder = new()
    {
        Config = new LogConfig { SegmentBytes = 1_000, IndexIntervalBytes = 200, CleanupPolicy = CleanupPolicy.Compact, MinCleanableDirtyRatio = 0.2, TimestampAfterMaxMs = long.MaxValue },
    };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_compacted_log_tells_the_same_as_the_whole_one(int seed)
    {
        var random = new Random(seed);
        var model = new Dictionary<string, string?>();
        var offsets = new Dictionary<long, (string Key, string? Value)>();
        var log = _folder.Open();
        _folder.Manager.Start();
        for (var step = 0; step < 1_500; step++)
        {
            var (key, value) = ($"k{random.Next(40)}", random.Next(5) == 0 ? null : $"v{step}");
            var appended = log.Append(Batches.Keyed(_folder.Clock.Milliseconds, key, value), AppendOrigin.Client);
            appended.Error.ShouldBe(ErrorCode.None);
            model[key] = value;
            offsets[appended.BaseOffset] = (key, value);
            if (random.Next(60) == 0)
            {
                _folder.Clock.Advance(TimeSpan.FromSeconds(random.Next(3 * 3600)));
            }
            if (random.Next(300) == 0)
            {
                log = await _folder.RestartAsync();
                _folder.Manager.Start();
            }
        }
        _folder.Clock.Advance(TimeSpan.FromSeconds(30));
        var seen = Batches.ReadAll(log, chunk: 3_000);
        seen.Count.ShouldBeLessThan(300, "most records were superseded");
        seen.Select(record => record.Offset).ShouldBeInOrder(SortDirection.Ascending);
        seen.Select(record => (record.Key!, record.Value)).ShouldBe(seen.Select(record => offsets[record.Offset]), "offsets never change");
        LatestOf(seen).ShouldBe(model.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!), ignoreOrder: true);

        await using var crashed = _folder.CrashCopy();
        Batches.ReadAll(crashed.Open()).ShouldBe(seen);
    }

    [Fact]
    public void A_tombstone_stays_until_its_retention_is_over_and_then_goes()
    {
        var log = _folder.Open();
        _folder.Manager.Start();
        log.Append(Batches.Keyed(_folder.Clock.Milliseconds, "gone", "value"), AppendOrigin.Client);
        log.Append(Batches.Keyed(_folder.Clock.Milliseconds, "gone", null), AppendOrigin.Client);
        Fill(log, "filler");
        _folder.Clock.Advance(TimeSpan.FromMinutes(1));
        Batches.ReadAll(log).Where(record => record.Key == "gone").ShouldHaveSingleItem().ShouldBe(
            new SeenRecord(1, 1_800_000_000_000, "gone", null), "the time of the tombstone is kept beside its delete horizon");

        _folder.Clock.Advance(TimeSpan.FromHours(23));
        Fill(log, "filler");
        _folder.Clock.Advance(TimeSpan.FromMinutes(1));
        Batches.ReadAll(log).ShouldContain(record => record.Key == "gone");

        _folder.Clock.Advance(TimeSpan.FromHours(2));
        Fill(log, "filler");
        _folder.Clock.Advance(TimeSpan.FromMinutes(1));
        Batches.ReadAll(log).ShouldNotContain(record => record.Key == "gone");
    }

    [Fact]
    public async Task The_last_sequence_of_a_producer_outlives_its_records()
    {
        _folder.Config = _folder.Config with { ProducerIdExpirationMs = long.MaxValue };
        var log = _folder.Open();
        _folder.Manager.Start();
        for (var sequence = 0; sequence < 5; sequence++)
        {
            log.Append(Batches.Sequenced(9, 0, sequence), AppendOrigin.Client);
        }
        Fill(log, "key");
        _folder.Clock.Advance(TimeSpan.FromMinutes(1));
        Batches.ReadAll(log).ShouldNotContain(record => record.Value!.StartsWith("9/", StringComparison.Ordinal));
        log.Read(0, IsolationLevel.ReadUncommitted, new byte[10_000]).Bytes.ShouldBeGreaterThan(0, "an empty batch is served too");
        await using var crashed = _folder.CrashCopy();
        Directory.GetFiles(crashed.PartitionPath, "*.snapshot").ToList().ForEach(File.Delete);
        log = crashed.Open();
        log.Append(Batches.Sequenced(9, 0, 4), AppendOrigin.Client).BaseOffset.ShouldBe(4);
        log.Append(Batches.Sequenced(9, 0, 6), AppendOrigin.Client).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
    }

    [Fact]
    public void A_compacted_topic_takes_no_record_without_a_key()
    {
        var log = _folder.Open();
        var builder = new Kafka.Records.RecordBatchBuilder();
        builder.Add(1, "key"u8, "ok"u8);
        builder.Add(new Kafka.Records.Record { Offset = 1, Timestamp = 1, HasKey = false, Key = default, HasValue = true, Value = "bad"u8, HeaderCount = 0, EncodedHeaders = default });
        var result = log.Append(builder.Build(), AppendOrigin.Client);
        result.Error.ShouldBe(ErrorCode.InvalidRecord);
        result.Fault!.Records.ShouldHaveSingleItem().Index.ShouldBe(1);
        log.LogEndOffset.ShouldBe(0);
    }

    [Fact]
    public void Young_records_are_left_alone()
    {
        _folder.Config = _folder.Config with { MinCompactionLagMs = 3_600_000 };
        var log = _folder.Open();
        _folder.Manager.Start();
        Fill(log, "filler");
        _folder.Clock.Advance(TimeSpan.FromMinutes(59));
        Batches.ReadAll(log).Count.ShouldBe(40);
        _folder.Clock.Advance(TimeSpan.FromMinutes(2));
        Batches.ReadAll(log).Count.ShouldBeLessThan(40);
    }

    [Fact]
    public void Old_records_do_not_wait_for_the_dirty_ratio_beyond_max_compaction_lag()
    {
        _folder.Config = _folder.Config with { MinCleanableDirtyRatio = 1, MaxCompactionLagMs = 3_600_000 };
        var log = _folder.Open();
        _folder.Manager.Start();
        Fill(log, "filler");
        _folder.Clock.Advance(TimeSpan.FromMinutes(59));
        Batches.ReadAll(log).Count.ShouldBe(40);
        _folder.Clock.Advance(TimeSpan.FromMinutes(2));
        Batches.ReadAll(log).Count.ShouldBeLessThan(40);
        log.Append(Batches.Keyed(_folder.Clock.Milliseconds, "filler", "late"), AppendOrigin.Client);
        log.Segments[^1].BaseOffset.ShouldBe(40, "the active segment is closed in time, too: it is never compacted");
    }

    [Theory]
    [InlineData(300)]
    [InlineData(2_000)]
    public void Keys_that_do_not_fit_into_memory_at_once_are_compacted_in_several_rounds(long memory)
    {
        _folder.Options = new LogManagerOptions { CompactionMemoryBytes = memory };
        _folder.Config = _folder.Config with { MinCleanableDirtyRatio = 0.01 };
        var log = _folder.Open();
        _folder.Manager.Start();
        for (var index = 0; index < 400; index++)
        {
            log.Append(Batches.Keyed(_folder.Clock.Milliseconds, $"k{index % 20}", index >= 380 && index % 2 == 0 ? null : $"v{index}"), AppendOrigin.Client);
        }
        Fill(log, "filler");
        // every round reads on where memory ran out; a tombstone must not go before all that it deletes
        for (var round = 0; round < 400; round++)
        {
            _folder.Clock.Advance(TimeSpan.FromHours(1));
            LatestOf(Batches.ReadAll(log)).Where(entry => entry.Key != "filler")
                .ShouldBe(Enumerable.Range(0, 10).Select(key => KeyValuePair.Create($"k{key * 2 + 1}", $"v{380 + key * 2 + 1}")), ignoreOrder: true);
        }
        Fill(log, "filler");
        _folder.Clock.Advance(TimeSpan.FromMinutes(1));
        Batches.ReadAll(log).Count(record => record.Key != "filler").ShouldBe(10, "the tombstones go with the next round that finds something to do");
    }

    [Fact]
    public void A_reader_who_began_before_a_tombstone_was_clean_has_its_whole_retention_to_see_it()
    {
        // the older value of "gone" is beyond the reach of the first round, the tombstone is in a segment that the round touches
        _folder.Options = new LogManagerOptions { CompactionMemoryBytes = 100 };
        _folder.Config = _folder.Config with { SegmentBytes = 100_000, MinCleanableDirtyRatio = 0.01 };
        var log = _folder.Open();
        _folder.Manager.Start();
        log.Append(Batches.Keyed(1_000, "a", "1"), AppendOrigin.Client);
        log.Append(Batches.Keyed(1_000, "b", "1"), AppendOrigin.Client);
        log.Append(Batches.Keyed(1_000, "a", "2"), AppendOrigin.Client);
        log.Append(Batches.Keyed(1_000, "gone", "value"), AppendOrigin.Client);
        log.Append(Batches.Keyed(1_000, "gone", null), AppendOrigin.Client);
        log.TryRollAt(log.LogEndOffset).ShouldBeTrue();
        var clean = (DateTimeOffset?)null;
        for (var quarter = 0; quarter < 24 * 8; quarter++)
        {
            _folder.Clock.Advance(TimeSpan.FromSeconds(15));
            var seen = Batches.ReadAll(log).Where(record => record.Key == "gone").ToList();
            clean ??= seen.All(record => record.Value is null) ? _folder.Clock.GetUtcNow() : null;
            if (clean is null || _folder.Clock.GetUtcNow() - clean < TimeSpan.FromHours(24))
            {
                seen.ShouldContain(record => record.Value == null, $"{_folder.Clock.GetUtcNow() - clean} after it became clean");
            }
            _folder.Clock.Advance(clean is null ? TimeSpan.FromHours(2) : TimeSpan.FromMinutes(30));
        }
        clean.ShouldNotBeNull();
    }

    [Fact]
    public void With_compact_and_delete_old_segments_go_and_the_rest_is_compacted()
    {
        _folder.Config = _folder.Config with { CleanupPolicy = CleanupPolicy.Compact | CleanupPolicy.Delete, RetentionMs = 3_600_000 };
        var log = _folder.Open();
        _folder.Manager.Start();
        log.Append(Batches.Keyed(_folder.Clock.Milliseconds, "only once", "old"), AppendOrigin.Client);
        Fill(log, "filler");
        _folder.Clock.Advance(TimeSpan.FromMinutes(50));
        Fill(log, "filler");
        _folder.Clock.Advance(TimeSpan.FromMinutes(1));
        var compacted = Batches.ReadAll(log, log.LogStartOffset);
        compacted.ShouldContain(record => record.Key == "only once", "it is the latest of its key");
        compacted.Count.ShouldBeLessThan(60);
        _folder.Clock.Advance(TimeSpan.FromMinutes(65));
        Batches.ReadAll(log, log.LogStartOffset).ShouldNotContain(record => record.Key == "only once", "and too old");
        log.LogEndOffset.ShouldBe(81);
    }

    [Fact]
    public void The_last_offset_of_an_empty_tail_is_kept_and_readers_pass_the_gap()
    {
        var log = _folder.Open();
        _folder.Manager.Start();
        for (var index = 0; index < 40; index++)
        {
            log.Append(Batches.Keyed(_folder.Clock.Milliseconds, $"k{index % 3}", null), AppendOrigin.Client);
        }
        log.TryRollAt(log.LogEndOffset).ShouldBeTrue();
        _folder.Clock.Advance(TimeSpan.FromMinutes(1));
        for (var day = 0; day < 2; day++)
        {
            _folder.Clock.Advance(TimeSpan.FromHours(25));
            Fill(log, "filler");
            _folder.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        Batches.ReadAll(log).ShouldAllBe(record => record.Key == "filler");
        log.Segments[0].BaseOffset.ShouldBe(0);
        log.LogStartOffset.ShouldBe(0, "what compaction takes away leaves the start where it was");
        for (var offset = 0; offset < log.LogEndOffset; offset++)
        {
            log.Read(offset, IsolationLevel.ReadUncommitted, new byte[4_000]).Bytes.ShouldBeGreaterThan(0, $"a reader at {offset} gets on");
        }
    }

    /// <summary>What is on disk after every step of a swap: as if the process was killed there.</summary>
    [Theory]
    [InlineData(".cleaned", false)]
    [InlineData(".swap", false)]
    [InlineData(".swap", true)]
    public async Task A_crash_in_the_middle_of_a_swap_leaves_the_old_segments_or_the_new_one(string suffix, bool someOldOnesGone)
    {
        var log = _folder.Open();
        for (var index = 0; index < 60; index++)
        {
            log.Append(Batches.Keyed(1_000, $"k{index % 5}", $"v{index}"), AppendOrigin.Client);
        }
        await _folder.StopAsync();
        await using var before = _folder.CrashCopy();
        log = _folder.Open();
        _folder.Manager.Start();
        _folder.Clock.Advance(TimeSpan.FromMinutes(1));
        var after = Batches.ReadAll(log);
        var compacted = log.Segments[0].File.Path;
        var replaced = log.Segments[1].BaseOffset;

        File.Copy(compacted, Path.Combine(before.PartitionPath, Path.GetFileName(compacted) + suffix));
        if (someOldOnesGone)
        {
            File.Delete(Path.Combine(before.PartitionPath, Path.GetFileName(compacted)));
        }
        var seen = Batches.ReadAll(before.Open());
        if (suffix == ".cleaned")
        {
            seen.Count.ShouldBe(60);
        }
        else
        {
            seen.Where(record => record.Offset < replaced).ShouldBe(after.Where(record => record.Offset < replaced));
        }
        LatestOf(seen).ShouldBe(Enumerable.Range(0, 5).ToDictionary(key => $"k{key}", key => $"v{55 + key}"), ignoreOrder: true);
        Directory.GetFiles(before.PartitionPath).ShouldNotContain(file => file.EndsWith(".swap") || file.EndsWith(".cleaned"));
    }

    [Fact]
    public async Task A_partition_that_is_deleted_and_made_again_under_appends_and_compaction_is_left_alone_by_the_old_one()
    {
        _folder.Open();
        _folder.Manager.Start();
        var stop = false;
        var background = Task.Run(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                _folder.Clock.Advance(TimeSpan.FromSeconds(15));
            }
        });
        for (var round = 0; round < 12; round++)
        {
            var log = _folder.Manager.Find(LogFolder.Partition)!;
            Fill(log, "filler");
            log.Read(log.LogEndOffset - 1, IsolationLevel.ReadUncommitted, new byte[1_000]).Bytes.ShouldBeGreaterThan(0);
            _folder.Manager.Delete(LogFolder.Partition);
            log = _folder.Manager.Create(LogFolder.Partition, Guid.NewGuid(), _folder.Config);
            Fill(log, "filler");
            Batches.ReadAll(log)[^1].ShouldSatisfyAllConditions(last => last.Offset.ShouldBe(39), last => last.Value.ShouldBe("value 39"));
        }
        Volatile.Write(ref stop, true);
        await background;
        (await _folder.RestartAsync()).LogEndOffset.ShouldBe(40);
    }

    private void Fill(PartitionLog log, string key)
    {
        for (var index = 0; index < 40; index++)
        {
            log.Append(Batches.Keyed(_folder.Clock.Milliseconds, key, $"value {index}"), AppendOrigin.Client).Error.ShouldBe(ErrorCode.None);
        }
    }

    private static Dictionary<string, string> LatestOf(IEnumerable<SeenRecord> records)
    {
        var latest = new Dictionary<string, string>();
        foreach (var record in records)
        {
            latest.Remove(record.Key!);
            if (record.Value is not null)
            {
                latest[record.Key!] = record.Value;
            }
        }
        return latest;
    }
}
