using Garam.Kafka.Compression;
using Garam.Kafka.Records;

namespace Garam.Kafka.Tests.Records;

public sealed class CompressionTests
{
    public static TheoryData<CompressionType> Codecs => [CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd];

    [Theory, MemberData(nameof(Codecs))]
    public void What_is_compressed_comes_back(CompressionType compression)
    {
        var codec = Codec(compression);
        var random = new Random(5);
        foreach (var length in (int[])[1, 3, 5, 70, 300, 32_768, 32_769, 700_000])
        {
            var noise = new byte[length];
            random.NextBytes(noise);
            var text = noise.Select((value, at) => (byte)(at % 97 < 60 ? 'a' + at % 7 : value)).ToArray();
            foreach (var plain in (byte[][])[noise, text, new byte[length]])
            {
                Decode(codec, Encode(codec, plain)).ShouldBe(plain);
            }
        }
    }

    [Theory, MemberData(nameof(Codecs))]
    public void A_bomb_is_an_error(CompressionType compression)
    {
        var codec = Codec(compression);
        var bomb = Encode(codec, new byte[RecordCodec.MaxSize + 1]);
        Should.Throw<InvalidDataException>(() => Decode(codec, bomb));
    }

    [Theory, MemberData(nameof(Codecs))]
    public void Damage_is_an_error_or_other_bytes_and_never_anything_else(CompressionType compression)
    {
        var codec = Codec(compression);
        var good = Encode(codec, [.. Enumerable.Range(0, 3000).Select(at => (byte)(at * at / 50))]);
        for (var length = 0; length < good.Length; length++)
        {
            if (compression == CompressionType.Snappy && length == 16)
            {
                continue; // its framing ends behind any block; the batch's count of records finds that
            }
            Should.Throw<InvalidDataException>(() => Decode(codec, good[..length]), $"cut off after {length} of {good.Length} bytes");
        }
        Should.Throw<InvalidDataException>(() => Decode(codec, []));
        var random = new Random(11);
        for (var round = 0; round < 3000; round++)
        {
            var bad = good.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                bad[random.Next(bad.Length)] = (byte)random.Next(256);
            }
            try
            {
                Decode(codec, bad);
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    [Theory, MemberData(nameof(Codecs))]
    public void A_decoder_is_as_new_after_damage_and_in_many_threads(CompressionType compression)
    {
        var codec = Codec(compression);
        var plain = Enumerable.Range(0, 50_000).Select(at => (byte)(at * at / 50)).ToArray();
        var good = Encode(codec, plain);
        Parallel.For(0, 200, round =>
        {
            if (round % 3 == 0)
            {
                Should.Throw<InvalidDataException>(() => Decode(codec, good[..(good.Length / 2)]));
            }
            Decode(codec, good).AsSpan().SequenceEqual(plain).ShouldBeTrue();
        });
    }

    [Theory]
    [InlineData(CompressionType.Gzip, 1, 9)]
    [InlineData(CompressionType.Lz4, 9, 12)]
    [InlineData(CompressionType.Zstd, -5, 19)]
    public void A_level_changes_the_size_and_nothing_else(CompressionType compression, int weak, int strong)
    {
        var codec = Codec(compression);
        var random = new Random(3);
        var plain = Enumerable.Range(0, 200_000).Select(_ => (byte)"aabcdeeeefghijkl"[random.Next(16)]).ToArray();
        var (small, large) = (Encode(codec, plain, strong), Encode(codec, plain, weak));
        small.Length.ShouldBeLessThan(large.Length);
        Decode(codec, small).ShouldBe(plain);
        Decode(codec, large).ShouldBe(plain);
    }

    [Fact]
    public void A_zstd_frame_that_wants_a_larger_window_than_any_client_makes_is_an_error()
    {
        var codec = Codec(CompressionType.Zstd);
        byte[] Frame(int windowLog) => [0x28, 0xb5, 0x2f, 0xfd, 0x00, (byte)((windowLog - 10) << 3), 0x01, 0x00, 0x00];
        Decode(codec, Frame(27)).ShouldBeEmpty();
        Should.Throw<InvalidDataException>(() => Decode(codec, Frame(28)));
    }

    [Theory, MemberData(nameof(Codecs))]
    public void A_small_frame_that_claims_much_takes_no_more_memory_than_what_comes_out(CompressionType compression)
    {
        var codec = Codec(compression);
        var bomb = compression switch
        {
            CompressionType.Snappy => [0xff, 0xff, 0xff, 0x1f, 0x00, 1],
            CompressionType.Zstd => [0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0xff, 0xff, 0xff, 0x03],
            _ => Encode(codec, new byte[10])[..^5],
        };
        var before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<InvalidDataException>(() => Decode(codec, bomb));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(2 * 1024 * 1024);
    }

    [Theory]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public void Several_frames_are_read_to_the_end(CompressionType compression)
    {
        var codec = Codec(compression);
        Decode(codec, [.. Encode(codec, "one "u8.ToArray()), .. Encode(codec, "two"u8.ToArray())]).ShouldBe("one two"u8.ToArray());
        Should.Throw<InvalidDataException>(() => Decode(codec, [.. Encode(codec, "one "u8.ToArray()), .. Encode(codec, "two"u8.ToArray())[..^1]]));
    }

    [Fact]
    public void An_lz4_block_that_is_longer_than_its_frame_allows_is_an_error()
    {
        var codec = Codec(CompressionType.Lz4);
        var frame = Encode(codec, new byte[100_000]);
        frame[7..11].ShouldNotBe(new byte[4], "the length of the first block");
        (frame[9], frame[10]) = (0x7f, 0x80);
        Should.Throw<InvalidDataException>(() => Decode(codec, [.. frame, .. new byte[9_000_000]]));
    }

    [Fact]
    public void Gzip_of_several_members_is_read_to_its_end()
    {
        var codec = Codec(CompressionType.Gzip);
        Decode(codec, [.. Encode(codec, "one "u8.ToArray()), .. Encode(codec, "two"u8.ToArray())]).ShouldBe("one two"u8.ToArray());
    }

    [Fact]
    public void A_bare_snappy_block_is_read_with_every_kind_of_copy()
    {
        // "abcd", 4 from 4 back (1-byte distance), 3 from 8 back (2 bytes), 2 from 1 back (4 bytes): runs overlap what they write
        byte[] block = [13, 0x0c, (byte)'a', (byte)'b', (byte)'c', (byte)'d', 0x01, 4, 0x0a, 8, 0, 0x07, 1, 0, 0, 0];
        Decode(Codec(CompressionType.Snappy), block).ShouldBe("abcdabcdabccc"u8.ToArray());
    }

    [Fact]
    public void Snappy_that_claims_more_than_it_holds_is_an_error()
    {
        var codec = Codec(CompressionType.Snappy);
        Should.Throw<InvalidDataException>(() => Decode(codec, [0xff, 0xff, 0xff, 0x0f, 0x00, 1]));
        Should.Throw<InvalidDataException>(() => Decode(codec, [0x80, 0x80, 0x80, 0x10, 0x00, 1]));
        Should.Throw<InvalidDataException>(() => Decode(codec, [5, 0x00, (byte)'a', 0x01, 2]));
    }

    [Theory, MemberData(nameof(Codecs))]
    public void A_batch_keeps_its_records_in_another_compression(CompressionType compression)
    {
        var builder = new RecordBatchBuilder { ProducerId = 7, ProducerEpoch = 1, BaseSequence = 3 };
        builder.Add(10, "k"u8, new byte[500]);
        builder.Add(12, "l"u8, "v"u8);
        RecordBatch.TryRead(builder.Build(), out var plain).ShouldBeTrue();
        using var compressed = RecordCompression.Recompress(plain, compression);
        RecordBatchValidator.Validate(compressed.Bytes, new RecordBatchRules(), out var header, out _).ShouldBeNull();
        header.Attributes.Compression.ShouldBe(compression);
        RecordBatch.TryRead(compressed.Bytes, out var batch).ShouldBeTrue();
        using var back = RecordCompression.Recompress(batch, CompressionType.None);
        back.Bytes.SequenceEqual(plain.Bytes).ShouldBeTrue();
    }

    private static RecordCodec Codec(CompressionType compression) => RecordCodec.For(compression);

    private static byte[] Encode(RecordCodec codec, byte[] plain, int? level = null)
    {
        using var target = new PooledBytes(0, int.MaxValue);
        codec.Encode(plain, target, level);
        return target.Bytes.ToArray();
    }

    private static byte[] Decode(RecordCodec codec, byte[] compressed)
    {
        using var target = new PooledBytes(0, RecordCodec.MaxSize);
        codec.Decode(compressed, target);
        return target.Bytes.ToArray();
    }
}
