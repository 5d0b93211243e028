namespace Garam.Kafka.Tests;

public sealed class ProtocolWriterTests
{
    private delegate void Script(ref ProtocolWriter writer);

    [Theory]
    [InlineData("가람", false, "0006eab080eb9e8c")]
    [InlineData("가람", true, "07eab080eb9e8c")]
    [InlineData("", false, "0000")]
    [InlineData("", true, "01")]
    [InlineData(null, false, "ffff")]
    [InlineData(null, true, "00")]
    public void Strings_carry_their_length_in_bytes(string? text, bool flexible, string hex) =>
        Written((ref ProtocolWriter writer) => writer.WriteString(text, flexible)).ShouldBe(hex);

    [Fact]
    public void A_string_too_long_for_its_length_field_is_refused() => Should.Throw<ArgumentException>(() =>
        Written((ref ProtocolWriter writer) => writer.WriteString(new string('x', short.MaxValue + 1), flexible: false)));

    [Theory]
    [InlineData(0u, "00")]
    [InlineData(127u, "7f")]
    [InlineData(128u, "8001")]
    [InlineData(uint.MaxValue, "ffffffff0f")]
    public void Varints_take_as_few_bytes_as_they_can(uint value, string hex) =>
        Written((ref ProtocolWriter writer) => writer.WriteUnsignedVarint(value)).ShouldBe(hex);

    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(20_000)]
    public void A_tagged_field_is_preceded_by_its_size_however_long_that_is(int size)
    {
        var content = Enumerable.Range(0, size).Select(i => (byte)i).ToArray();
        var bytes = Convert.FromHexString(Written((ref ProtocolWriter writer) =>
        {
            var start = writer.BeginTaggedField(3);
            foreach (var one in content)
            {
                writer.WriteInt8((sbyte)one);
            }
            writer.EndTaggedField(start);
            writer.WriteInt8(42);
        }));
        var reader = new ProtocolReader(bytes);
        reader.BeginTaggedField(out var end).ShouldBe(3u);
        (end - reader.Position).ShouldBe(size);
        bytes[reader.Position..end].ShouldBe(content);
        bytes[end..].ShouldBe([42]);
    }

    [Fact]
    public void Large_record_sets_are_segments_of_their_own_in_the_order_of_the_wire()
    {
        byte[] first = [.. Enumerable.Repeat((byte)1, 5000)], second = [.. Enumerable.Repeat((byte)2, 5000)];
        var writer = new ProtocolWriter(8);
        var frame = writer.BeginFrame();
        writer.WriteInt32(7);
        writer.WriteRecords(first, flexible: false);
        writer.WriteRecords(second, flexible: false);
        writer.WriteRecords(new byte[] { 3 }, flexible: false);
        writer.EndFrame(frame);

        writer.SegmentCount.ShouldBe(5);
        writer.GetSegment(1).Equals(first.AsMemory()).ShouldBeTrue();
        writer.GetSegment(3).Equals(second.AsMemory()).ShouldBeTrue();
        var length = 4 + 4 + (4 + 5000) + (4 + 5000) + (4 + 1);
        writer.Length.ShouldBe(length);
        var reader = new ProtocolReader(writer.ToArray());
        reader.ReadInt32().ShouldBe(length - 4);
        reader.ReadInt32().ShouldBe(7);
        reader.ReadBytes(flexible: false).ToArray().ShouldBe(first);
        reader.ReadBytes(flexible: false).ToArray().ShouldBe(second);
        reader.ReadBytes(flexible: false).ToArray().ShouldBe([3]);
        reader.EnsureEnd();
        writer.Dispose();
    }

    [Fact]
    public void A_record_set_at_the_end_leaves_no_empty_segment_behind_it()
    {
        var writer = new ProtocolWriter();
        writer.WriteRecords(new byte[2000], flexible: true);
        writer.SegmentCount.ShouldBe(2);
        writer.Dispose();
    }

    [Fact]
    public void Null_records_are_not_empty_records()
    {
        Written((ref ProtocolWriter writer) => writer.WriteRecords(null, flexible: false)).ShouldBe("ffffffff");
        Written((ref ProtocolWriter writer) => writer.WriteRecords(ReadOnlyMemory<byte>.Empty, flexible: false)).ShouldBe("00000000");
        Written((ref ProtocolWriter writer) => writer.WriteRecords(null, flexible: true)).ShouldBe("00");
        Written((ref ProtocolWriter writer) => writer.WriteRecords(ReadOnlyMemory<byte>.Empty, flexible: true)).ShouldBe("01");
    }

    private static string Written(Script script)
    {
        var writer = new ProtocolWriter(1);
        try
        {
            script(ref writer);
            return Convert.ToHexStringLower(writer.ToArray());
        }
        finally
        {
            writer.Dispose();
        }
    }
}
