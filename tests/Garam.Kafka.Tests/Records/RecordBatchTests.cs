using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Garam.Kafka.Records;
using Record = Garam.Kafka.Records.Record;

namespace Garam.Kafka.Tests.Records;

public sealed class RecordBatchTests
{
    /// <summary>One record, written out byte by byte from the format's description.</summary>
    private const string Golden =
        "0000000000000000" + "0000003D" + "FFFFFFFF" + "02" + "6C05A9E6" + "0000" + "00000000" + "00000000000003E8" + "00000000000003E8"
        + "FFFFFFFFFFFFFFFF" + "FFFF" + "FFFFFFFF" + "00000001" + "16" + "00" + "00" + "00" + "026B" + "0876616C75" + "00";

    [Theory]
    [InlineData("", 0x00000000u)]
    [InlineData("123456789", 0xE3069283u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x22620404u)]
    public void Checksums_are_those_of_Castagnoli(string text, uint expected)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        Crc32C.Compute(bytes).ShouldBe(expected);
        Crc32C.Append(Crc32C.Compute(bytes.AsSpan(0, bytes.Length / 3)), bytes.AsSpan(bytes.Length / 3)).ShouldBe(expected);
    }

    [Theory]
    [InlineData(0, "00")]
    [InlineData(-1, "01")]
    [InlineData(1, "02")]
    [InlineData(-64, "7F")]
    [InlineData(64, "8001")]
    [InlineData(int.MaxValue, "FEFFFFFF0F")]
    [InlineData(int.MinValue, "FFFFFFFF0F")]
    [InlineData(long.MaxValue, "FEFFFFFFFFFFFFFFFF01")]
    [InlineData(long.MinValue, "FFFFFFFFFFFFFFFFFF01")]
    public void Varints_are_zigzag(long value, string hex)
    {
        var bytes = new byte[Varint.MaxSize];
        var length = Varint.Write(bytes, value);
        Convert.ToHexString(bytes.AsSpan(0, length)).ShouldBe(hex);
        Varint.SizeOf(value).ShouldBe(length);
        var position = 0;
        Varint.TryRead(bytes, ref position, out long read).ShouldBeTrue();
        (read, position).ShouldBe((value, length));
        position = 0;
        Varint.TryRead(bytes.AsSpan(0, length - 1), ref position, out long _).ShouldBeFalse("it is cut off");
    }

    [Fact]
    public void A_varint_that_never_ends_is_refused()
    {
        var position = 0;
        Varint.TryRead(Enumerable.Repeat((byte)0xff, 20).ToArray(), ref position, out int _).ShouldBeFalse();
        position.ShouldBeLessThanOrEqualTo(5);
    }

    [Fact]
    public void A_batch_is_written_as_the_format_says()
    {
        var builder = new RecordBatchBuilder();
        builder.Add(1_000, "k"u8, "valu"u8);
        var hex = Convert.ToHexString(builder.Build());
        (hex[..34] + hex[42..]).ShouldBe(Golden[..34].Replace("0000003D", hex[16..24]) + Golden[42..]);
        Convert.FromHexString(hex[16..24])[3].ShouldBe((byte)(hex.Length / 2 - 12));
    }

    [Fact]
    public void Null_and_empty_stay_apart_and_headers_stay_byte_by_byte()
    {
        var original = new RecordBatchBuilder();
        original.Add(5, [], []);
        original.AddTombstone(6, "k"u8);
        original.Add(new Record
        {
            Offset = 2, Timestamp = 3, HasKey = false, Key = default, HasValue = true, Value = "v"u8, HeaderCount = 2,
            EncodedHeaders = [0x02, (byte)'a', 0x01, 0x00, 0x00],
        });
        RecordBatch.TryRead(original.Build(), out var batch).ShouldBeTrue();
        batch.HasValidCrc.ShouldBeTrue();
        batch.Header.MaxTimestamp.ShouldBe(6);
        var copy = new RecordBatchBuilder();
        var seen = new List<(long Offset, long Timestamp, bool HasKey, int KeyLength, bool HasValue, int HeaderCount)>();
        for (var records = batch.ReadRecords(); records.TryRead(out var record);)
        {
            seen.Add((record.Offset, record.Timestamp, record.HasKey, record.Key.Length, record.HasValue, record.HeaderCount));
            copy.Add(record);
        }
        seen.ShouldBe([(0, 5, true, 0, true, 0), (1, 6, true, 1, false, 0), (2, 3, false, 0, true, 2)]);
        copy.Build().SequenceEqual(batch.Bytes).ShouldBeTrue();
    }

    [Fact]
    public void A_good_batch_has_no_fault_plain_or_gzipped()
    {
        Judge(Good()).ShouldBe(ErrorCode.None);
        Judge(Gzipped(Good())).ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Every_kind_of_bad_batch_has_its_error()
    {
        Judge([]).ShouldBe(ErrorCode.InvalidRecord);
        Judge(Good()[..40]).ShouldBe(ErrorCode.InvalidRecord, "what is cut off is no batch");
        Judge(Good()[..^1]).ShouldBe(ErrorCode.InvalidRecord);
        Judge([.. Good(), .. Good()]).ShouldBe(ErrorCode.InvalidRecord, "two batches");
        Judge(With(16, [1], resum: false)).ShouldBe(ErrorCode.InvalidRecord, "an old format");
        Judge(With(Good().Length - 1, [7], resum: false)).ShouldBe(ErrorCode.CorruptMessage, "other bytes than were summed");
        Judge(With(8, [0x7f, 0xff, 0xff, 0xff], resum: false)).ShouldBe(ErrorCode.InvalidRecord, "a length that is not there");
        Judge(With(8, [0xff, 0xff, 0xff, 0xff], resum: false)).ShouldBe(ErrorCode.CorruptMessage, "a negative length");
        Judge(With(57, [0, 0, 0, 2])).ShouldBe(ErrorCode.InvalidRecord, "another count than the last delta says");
        Judge(With(23, [0, 0, 0, 3, .. new byte[0]])).ShouldBe(ErrorCode.InvalidRecord);
        Judge(With(57, [0x7f, 0xff, 0xff, 0xff], 23, [0x7f, 0xff, 0xff, 0xfe])).ShouldBe(ErrorCode.InvalidRecord, "two thousand million records that are not there");
        Judge(With(57, [0, 0, 0, 0], 23, [0xff, 0xff, 0xff, 0xff])).ShouldBe(ErrorCode.InvalidRecord, "no record");
        Judge(With(22, [0x20])).ShouldBe(ErrorCode.InvalidRecord, "a control batch");
        Judge(With(22, [0x08])).ShouldBe(ErrorCode.InvalidTimestamp, "the broker's clock, set by a client");
        Judge(With(22, [0x05])).ShouldBe(ErrorCode.InvalidRecord, "an unknown compression");
        Judge(With(22, [0x01])).ShouldBe(ErrorCode.CorruptMessage, "gzip that is none");
        Judge(With(43, [0, 0, 0, 0, 0, 0, 0, 9])).ShouldBe(ErrorCode.InvalidRecord, "a producer id without a sequence");
        Judge(With(61, [0x02])).ShouldBe(ErrorCode.InvalidRecord, "a record that is too short");
    }

    [Fact]
    public void A_small_batch_that_grows_beyond_bounds_is_an_error_and_not_an_allocation()
    {
        var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.Fastest))
        {
            var zeros = new byte[1024 * 1024];
            for (var megabyte = 0; megabyte < 80; megabyte++)
            {
                gzip.Write(zeros);
            }
        }
        Judge(WithPayload(Good(), bomb.ToArray(), CompressionType.Gzip)).ShouldBe(ErrorCode.CorruptMessage);
    }

    [Fact]
    public void No_change_of_bytes_makes_the_judge_fail()
    {
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = round % 2 == 0 ? Good() : Gzipped(Good());
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }
            if (random.Next(3) > 0)
            {
                Resum(bytes);
            }
            Judge(bytes[..random.Next(bytes.Length - 3, bytes.Length + 1)]);
        }
    }

    private static ErrorCode Judge(byte[] bytes) => RecordBatchValidator.Validate(bytes, new RecordBatchRules(), out _, out _)?.Error ?? ErrorCode.None;

    private static byte[] Good()
    {
        var builder = new RecordBatchBuilder();
        builder.Add(1_000, "key"u8, "first"u8);
        builder.Add(1_001, "key"u8, "second"u8);
        builder.Add(999, "key"u8, "third"u8);
        return builder.Build().ToArray();
    }

    private static byte[] With(int at, byte[] change, int at2 = 0, byte[]? change2 = null, bool resum = true)
    {
        var bytes = Good();
        change.CopyTo(bytes, at);
        change2?.CopyTo(bytes, at2);
        if (resum)
        {
            Resum(bytes);
        }
        return bytes;
    }

    private static byte[] Gzipped(byte[] batch)
    {
        var payload = new MemoryStream();
        using (var gzip = new GZipStream(payload, CompressionLevel.Fastest))
        {
            gzip.Write(batch.AsSpan(RecordBatchHeader.Size));
        }
        return WithPayload(batch, payload.ToArray(), CompressionType.Gzip);
    }

    private static byte[] WithPayload(byte[] batch, byte[] payload, CompressionType compression)
    {
        byte[] bytes = [.. batch[..RecordBatchHeader.Size], .. payload];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8), bytes.Length - RecordBatchHeader.LengthOverhead);
        bytes[22] = (byte)compression;
        Resum(bytes);
        return bytes;
    }

    private static void Resum(byte[] bytes) => BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(17), Crc32C.Compute(bytes.AsSpan(21)));
}
