using System.Buffers.Binary;
using Garam.Broker.Log;
using Garam.Kafka;
using Garam.Kafka.Records;

namespace Garam.Broker.Tests.Log;

/// <summary>The base offset of a batch is not covered by its checksum. A changed one must not cost whole batches that are stored beside it.</summary>
public sealed class BaseOffsetDamageTests : IAsyncLifetime
{
    private const int BatchesInAll = 4, RecordsInABatch = 20, RecordsInAll = BatchesInAll * RecordsInABatch;

    private readonly LogFolder _folder = new();

    public static TheoryData<int, int, byte> Flips
    {
        get
        {
            var flips = new TheoryData<int, int, byte>();
            for (var batch = 0; batch < BatchesInAll; batch++)
            {
                foreach (var (at, bit) in new (int, byte)[] { (7, 0x80), (7, 0x40), (7, 0x01), (7, 0x04), (4, 0x80), (4, 0x01), (0, 0x80), (0, 0x40) })
                {
                    flips.Add(batch, at, bit);
                }
            }
            return flips;
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Theory, MemberData(nameof(Flips))]
    public async Task A_flipped_base_offset_takes_no_record_away_after_a_clean_stop(int batch, int at, byte bit)
    {
        Fill(_folder.Open());
        await _folder.StopAsync();
        var whole = await File.ReadAllBytesAsync(Segment(_folder));
        Flip(_folder, PositionOf(whole, batch) + at, bit);
        for (var start = 0; start < 2; start++)
        {
            var log = _folder.Open();
            log.LogEndOffset.ShouldBe(RecordsInAll + start);
            Batches.ReadAll(log).Select(record => record.Offset).ShouldBe(Enumerable.Range(0, RecordsInAll + start).Select(offset => (long)offset));
            log.Append(Batches.Of("more"), AppendOrigin.Client).BaseOffset.ShouldBe(RecordsInAll + start);
            await _folder.StopAsync();
        }
        (await File.ReadAllBytesAsync(Segment(_folder)))[..whole.Length].ShouldBe(whole);
        _folder.Messages.Count(message => message.Contains("restored from their neighbours")).ShouldBe(1);
        _folder.Open();
    }

    [Theory, MemberData(nameof(Flips))]
    public async Task A_flipped_base_offset_between_whole_batches_is_no_torn_tail_after_a_kill(int batch, int at, byte bit)
    {
        var log = _folder.Open();
        Fill(log);
        log.Append(Batches.Of("last"), AppendOrigin.Client);
        await using var crashed = _folder.CrashCopy();
        Flip(crashed, PositionOf(await File.ReadAllBytesAsync(Segment(crashed)), batch) + at, bit);
        log = crashed.Open();
        log.LogEndOffset.ShouldBe(RecordsInAll + 1);
        Batches.ReadAll(log).Count.ShouldBe(RecordsInAll + 1);
    }

    [Theory]
    [InlineData(0x01)]
    [InlineData(0x40)]
    public async Task A_flipped_bit_anywhere_in_a_header_never_makes_the_file_shorter_nor_an_offset_be_given_twice(byte bits)
    {
        Fill(_folder.Open());
        await _folder.StopAsync();
        var second = PositionOf(await File.ReadAllBytesAsync(Segment(_folder)), 1);
        for (var at = 0; at < RecordBatchHeader.Size; at++)
        {
            await using var damaged = _folder.CrashCopy();
            Flip(damaged, second + at, bits);
            var length = new FileInfo(Segment(damaged)).Length;
            var log = damaged.Open();
            log.LogEndOffset.ShouldBe(RecordsInAll, $"byte {at}");
            new FileInfo(Segment(damaged)).Length.ShouldBe(length, $"byte {at}");
            log.Append(Batches.Of("more"), AppendOrigin.Client).BaseOffset.ShouldBe(RecordsInAll, $"byte {at}");
        }
    }

    [Theory]
    [InlineData(7, 0x80)]
    [InlineData(4, 0x80)]
    [InlineData(7, 0x04)]
    public async Task Two_damaged_batches_leave_the_file_as_it_is_and_the_next_offset_is_the_one_of_the_clean_stop(int at, byte bit)
    {
        Fill(_folder.Open());
        await _folder.StopAsync();
        var whole = await File.ReadAllBytesAsync(Segment(_folder));
        Flip(_folder, PositionOf(whole, 1) + at, bit);
        Flip(_folder, PositionOf(whole, 2) + 70, 1);
        var damaged = await File.ReadAllBytesAsync(Segment(_folder));
        var log = _folder.Open();
        log.LogEndOffset.ShouldBe(RecordsInAll);
        log.Append(Batches.Of("more"), AppendOrigin.Client).BaseOffset.ShouldBe(RecordsInAll);
        Batches.ReadAll(log, RecordsInAll).Count.ShouldBe(1);
        (await File.ReadAllBytesAsync(Segment(_folder))).ShouldBe(damaged, "nothing is truncated");
        if (bit == 0x80)
        {
            log.Read(RecordsInABatch, IsolationLevel.ReadUncommitted, new byte[10_000]).Error.ShouldBe(ErrorCode.CorruptMessage, "offsets of the next segment are not served from this one");
        }
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(5)]
    public async Task After_a_clean_stop_a_shorter_or_longer_file_is_left_as_it_is(int more)
    {
        Fill(_folder.Open());
        await _folder.StopAsync();
        var length = new FileInfo(Segment(_folder)).Length + more;
        using (var file = File.OpenWrite(Segment(_folder))) file.SetLength(length);
        var log = _folder.Open();
        log.LogEndOffset.ShouldBe(RecordsInAll);
        new FileInfo(Segment(_folder)).Length.ShouldBe(length);
        log.Append(Batches.Of("more"), AppendOrigin.Client).BaseOffset.ShouldBe(RecordsInAll);
        Batches.ReadAll(log, RecordsInAll).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_recovery_point_that_is_too_low_does_not_lower_the_next_offset()
    {
        Fill(_folder.Open());
        await _folder.StopAsync();
        var points = Path.Combine(_folder.Path, OffsetCheckpoint.RecoveryPoints);
        await File.WriteAllTextAsync(points, (await File.ReadAllTextAsync(points)).Replace(" 80", " 20", StringComparison.Ordinal));
        var log = _folder.Open();
        log.LogEndOffset.ShouldBe(RecordsInAll);
        Batches.ReadAll(log).Count.ShouldBe(RecordsInAll);
    }

    [Fact]
    public async Task Whole_batches_that_a_kill_has_left_behind_a_torn_one_are_cut_and_kept_in_a_file()
    {
        Fill(_folder.Open());
        await using var crashed = _folder.CrashCopy();
        var whole = await File.ReadAllBytesAsync(Segment(crashed));
        Flip(crashed, PositionOf(whole, 1) + 70, 1);
        var torn = await File.ReadAllBytesAsync(Segment(crashed));
        crashed.Open().LogEndOffset.ShouldBe(RecordsInABatch);
        var kept = Directory.GetFiles(crashed.PartitionPath, "*.truncated").ShouldHaveSingleItem();
        (await File.ReadAllBytesAsync(kept)).ShouldBe(torn[PositionOf(whole, 1)..]);
    }

    [Fact]
    public async Task Damage_below_the_recovery_point_is_not_cut_after_a_kill()
    {
        var log = _folder.Open();
        Fill(log);
        log.Checkpoint();
        _folder.Manager.WriteCheckpoints();
        log.Append(Batches.Of("after"), AppendOrigin.Client);
        await using var crashed = _folder.CrashCopy();
        var whole = await File.ReadAllBytesAsync(Segment(crashed));
        Flip(crashed, PositionOf(whole, 2) + 16, 1);
        log = crashed.Open();
        log.LogEndOffset.ShouldBe(RecordsInAll + 1);
        new FileInfo(Segment(crashed)).Length.ShouldBe(whole.Length);
        log.Append(Batches.Of("more"), AppendOrigin.Client).BaseOffset.ShouldBe(RecordsInAll + 1);
    }

    private static void Fill(PartitionLog log)
    {
        for (var batch = 0; batch < BatchesInAll; batch++)
        {
            log.Append(Batches.Of([.. Enumerable.Range(0, RecordsInABatch).Select(record => $"{batch}/{record}")]), AppendOrigin.Client).Error.ShouldBe(ErrorCode.None);
        }
    }

    private static string Segment(LogFolder folder) => Path.Combine(folder.PartitionPath, "00000000000000000000.log");

    private static int PositionOf(byte[] segment, int batch)
    {
        var position = 0;
        for (; batch > 0; batch--)
        {
            position += BinaryPrimitives.ReadInt32BigEndian(segment.AsSpan(position + 8)) + RecordBatchHeader.LengthOverhead;
        }
        return position;
    }

    private static void Flip(LogFolder folder, int at, byte bits)
    {
        var bytes = File.ReadAllBytes(Segment(folder));
        bytes[at] ^= bits;
        File.WriteAllBytes(Segment(folder), bytes);
    }
}
