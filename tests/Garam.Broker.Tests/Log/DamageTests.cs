using Garam.Broker.Log;
using Garam.Kafka;
using Garam.Kafka.Records;

namespace Garam.Broker.Tests.Log;

/// <summary>Disks change what they keep. Whoever asks for it is told; everybody else is served, and nothing is made worse.</summary>
public sealed class DamageTests : IAsyncLifetime
{
    private const int BatchesInAll = 60;

    private readonly LogFolder _folder = new() { Config = new LogConfig { SegmentBytes = 2_000, IndexIntervalBytes = 300 } };

    public static TheoryData<CompressionType> Compressions => [.. Enum.GetValues<CompressionType>()];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public void A_batch_whose_header_is_damaged_is_an_error_to_its_readers_and_to_nobody_else()
    {
        var log = Fill();
        var at = PositionOf(log, 5);
        Damage(log, at + 8, 0xff, 0xff, 0xff, 0xf4); // a length of 0 with its frame: whoever steps over it stays where he is
        log.Read(0, IsolationLevel.ReadUncommitted, new byte[10_000]).Bytes.ShouldBe((int)at, "what comes before is served");
        Read(log, 5).ShouldBe(ErrorCode.CorruptMessage);
        Batches.ReadAll(log, 6).Count.ShouldBe(BatchesInAll - 6, "the index leads past it");
        var next = log.Segments[1].BaseOffset;
        Batches.ReadAll(log, next).Count.ShouldBe((int)(BatchesInAll - next));
        _folder.Messages.Count(message => message.Contains("reading at offset 5")).ShouldBe(1, "it is said once, however often a client tries");
    }

    [Fact]
    public void Readers_do_not_pass_over_a_damaged_part_of_a_segment_into_the_next_one()
    {
        var log = Fill();
        Damage(log, PositionOf(log, 5) + 16, 9);
        Read(log, 5).ShouldBe(ErrorCode.CorruptMessage);
    }

    [Fact]
    public async Task A_damaged_index_costs_time_and_nothing_else()
    {
        Fill();
        await _folder.StopAsync();
        var index = Directory.GetFiles(_folder.PartitionPath, "*.index").Order().First();
        var bytes = File.ReadAllBytes(index);
        bytes.Length.ShouldBeGreaterThan(16);
        for (var entry = 0; entry < bytes.Length; entry += 8)
        {
            bytes[entry + 7] ^= 1;
        }
        File.WriteAllBytes(index, bytes);
        var log = _folder.Open();
        Batches.ReadAll(log, chunk: 200).Count.ShouldBe(BatchesInAll);
        log.FindOffsetByTimestamp(1_005, IsolationLevel.ReadUncommitted)!.Value.Offset.ShouldBe(5);
    }

    [Fact]
    public async Task Damage_in_the_active_segment_after_a_clean_stop_takes_nothing_away_that_is_intact()
    {
        _folder.Config = _folder.Config with { SegmentBytes = 100_000 };
        var log = _folder.Open();
        for (var index = 0; index < BatchesInAll; index++)
        {
            log.Append(Batches.Keyed(1_000 + index, "key", $"value {index} with something to fill the segments"), AppendOrigin.Client);
        }
        var at = PositionOf(log, BatchesInAll - 2);
        await _folder.StopAsync();
        var path = Path.Combine(_folder.PartitionPath, "00000000000000000000.log");
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[at + 8] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        for (var start = 0; start < 2; start++)
        {
            log = _folder.Open();
            log.LogEndOffset.ShouldBe(BatchesInAll + start);
            Read(log, 0).ShouldBe(ErrorCode.None);
            Read(log, BatchesInAll - 2).ShouldBe(ErrorCode.CorruptMessage);
            log.Append(Batches.Of("more"), AppendOrigin.Client).BaseOffset.ShouldBe(BatchesInAll + start);
            Batches.ReadAll(log, BatchesInAll).Count.ShouldBe(1 + start);
            await _folder.StopAsync();
        }
        (await File.ReadAllBytesAsync(path)).ShouldBe(bytes, "the damaged segment stays as it is");
        _folder.Open();
    }

    [Theory, MemberData(nameof(Compressions))]
    public void A_search_by_time_in_damage_is_an_error_and_not_another_answer(CompressionType compression)
    {
        var log = Fill(compression);
        var at = PositionOf(log, 5);
        Damage(log, at + 61 + 3, 0xee, 0xee);
        Should.Throw<InvalidDataException>(() => log.FindOffsetByTimestamp(1_005, IsolationLevel.ReadUncommitted));
        log.FindOffsetByTimestamp(1_004, IsolationLevel.ReadUncommitted)!.Value.Offset.ShouldBe(4);
        log.FindOffsetByTimestamp(1_050, IsolationLevel.ReadUncommitted)!.Value.Offset.ShouldBe(50);
    }

    [Theory, MemberData(nameof(Compressions))]
    public async Task Compaction_leaves_a_damaged_log_alone_and_cleans_the_others(CompressionType compression)
    {
        _folder.Config = _folder.Config with { CleanupPolicy = CleanupPolicy.Compact, MinCleanableDirtyRatio = 0.1 };
        var log = Fill(compression, key: "same");
        var other = _folder.Manager.Create(new TopicPartition("other", 0), Guid.NewGuid(), _folder.Config);
        for (var index = 0; index < BatchesInAll; index++)
        {
            other.Append(Batches.Keyed(1_000, "same", $"value {index} with something to fill the segments"), AppendOrigin.Client);
        }
        Damage(log, PositionOf(log, 5) + 61 + 3, 0xee, 0xee);
        var before = log.SizeInBytes;
        _folder.Manager.Start();
        _folder.Clock.Advance(TimeSpan.FromMinutes(2));
        log.SizeInBytes.ShouldBe(before);
        Batches.ReadAll(other).Count.ShouldBeLessThan(BatchesInAll);
        _folder.Messages.Count(message => message.StartsWith("topic-0: not compacted", StringComparison.Ordinal)).ShouldBe(1);
        log.Append(Batches.Keyed(1_000, "same", "more"), AppendOrigin.Client).Error.ShouldBe(ErrorCode.None);
        await _folder.StopAsync();
    }

    private PartitionLog Fill(CompressionType compression = CompressionType.None, string key = "key")
    {
        var log = _folder.Open();
        for (var index = 0; index < BatchesInAll; index++)
        {
            RecordBatch.TryRead(Batches.Keyed(1_000 + index, key, $"value {index} with something to fill the segments"), out var batch).ShouldBeTrue();
            using var compressed = RecordCompression.Recompress(batch, compression);
            log.Append(compressed.Bytes, AppendOrigin.Client).Error.ShouldBe(ErrorCode.None);
        }
        log.Segments.Length.ShouldBeGreaterThan(2);
        log.Segments[1].BaseOffset.ShouldBeInRange(7, 40);
        return log;
    }

    private static ErrorCode Read(PartitionLog log, long offset) => log.Read(offset, IsolationLevel.ReadUncommitted, new byte[400]).Error;

    private static long PositionOf(PartitionLog log, long offset)
    {
        log.Segments[0].TryFind(offset, out var position, out _).ShouldBeTrue();
        return position;
    }

    private static void Damage(PartitionLog log, long position, params byte[] bytes)
    {
        using var file = File.OpenHandle(log.Segments[0].File.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(file, bytes, position);
    }
}
