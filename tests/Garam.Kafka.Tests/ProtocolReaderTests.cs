using System.Buffers.Binary;

namespace Garam.Kafka.Tests;

public sealed class ProtocolReaderTests
{
    [Fact]
    public void Numbers_are_big_endian()
    {
        var reader = Reader("ff 7f fffe 8001 01020304 fffffffe 0102030405060708 3ff8000000000000 01");
        reader.ReadInt8().ShouldBe((sbyte)-1);
        reader.ReadInt8().ShouldBe((sbyte)127);
        reader.ReadInt16().ShouldBe((short)-2);
        reader.ReadUInt16().ShouldBe((ushort)0x8001);
        reader.ReadInt32().ShouldBe(0x01020304);
        reader.ReadUInt32().ShouldBe(0xfffffffe);
        reader.ReadInt64().ShouldBe(0x0102030405060708);
        reader.ReadFloat64().ShouldBe(1.5);
        reader.ReadBoolean().ShouldBeTrue();
        reader.Remaining.ShouldBe(0);
    }

    [Fact]
    public void A_uuid_reads_in_the_order_in_which_it_is_printed()
    {
        var reader = Reader("00112233445566778899aabbccddeeff");
        reader.ReadUuid().ToString().ShouldBe("00112233-4455-6677-8899-aabbccddeeff");
    }

    [Theory]
    [InlineData("00", 0u)]
    [InlineData("7f", 127u)]
    [InlineData("8001", 128u)]
    [InlineData("ffffffff0f", uint.MaxValue)]
    public void A_varint_has_seven_bits_a_byte(string hex, uint value) => Reader(hex).ReadUnsignedVarint().ShouldBe(value);

    [Theory]
    [InlineData("ffffffff10")]
    [InlineData("ffffffffff01")]
    [InlineData("80")]
    public void A_varint_that_does_not_fit_or_does_not_end_is_malformed(string hex) =>
        Should.Throw<MalformedFrameException>(() => Reader(hex).ReadUnsignedVarint());

    [Theory]
    [InlineData("ffff", false)]
    [InlineData("00", true)]
    public void Null_and_empty_are_different_strings(string nullHex, bool flexible)
    {
        Reader(nullHex).ReadNullableString(flexible).ShouldBeNull();
        Reader(flexible ? "01" : "0000").ReadNullableString(flexible).ShouldBe("");
        Should.Throw<MalformedFrameException>(() => Reader(nullHex).ReadString(flexible));
    }

    [Theory]
    [InlineData("fffe", false)]
    [InlineData("0003 6162", false)]
    [InlineData("04 6162", true)]
    [InlineData("ffffffff0f", true)]
    public void A_string_longer_than_the_frame_or_shorter_than_nothing_is_malformed(string hex, bool flexible) =>
        Should.Throw<MalformedFrameException>(() => Reader(hex).ReadNullableString(flexible));

    [Fact]
    public void Bytes_are_a_slice_of_the_frame()
    {
        byte[] frame = [3, 7, 8];
        var reader = new ProtocolReader(frame);
        var bytes = reader.ReadBytes(flexible: true);
        frame[1] = 9;
        bytes.ToArray().ShouldBe([9, 8]);
    }

    [Theory]
    [InlineData("7fffffff", false)]
    [InlineData("00000003 000000", false)]
    [InlineData("ffffffff0f", true)]
    [InlineData("fffffffe", false)]
    public void An_array_that_cannot_fit_in_the_frame_is_malformed(string hex, bool flexible) =>
        Should.Throw<MalformedFrameException>(() => Reader(hex).ReadNullableArrayLength(flexible, elementSize: 2));

    [Fact]
    public void An_array_that_just_fits_is_believed() => Reader("00000003 000000000000").ReadArrayLength(flexible: false, elementSize: 2).ShouldBe(3);

    [Fact]
    public void A_message_of_more_elements_than_any_client_sends_is_malformed()
    {
        var frame = new byte[ProtocolReader.MaxElements + 100];
        BinaryPrimitives.WriteInt32BigEndian(frame, ProtocolReader.MaxElements);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), 1);
        var reader = new ProtocolReader(frame);
        reader.ReadArrayLength(flexible: false, elementSize: 1).ShouldBe(ProtocolReader.MaxElements);
        var refused = false;
        try
        {
            reader.ReadArrayLength(flexible: false, elementSize: 1);
        }
        catch (MalformedFrameException)
        {
            refused = true;
        }
        refused.ShouldBeTrue();
    }

    [Fact]
    public void Unknown_tagged_fields_are_skipped()
    {
        var reader = Reader("02 05 03 aabbcc 8801 00 7f");
        reader.SkipTaggedFields();
        reader.ReadInt8().ShouldBe((sbyte)127);
    }

    [Theory]
    [InlineData("01 05 04 aabbcc")]
    [InlineData("02 05 00")]
    [InlineData("ffffffff0f 00")]
    public void Tagged_fields_that_reach_beyond_the_frame_are_malformed(string hex) =>
        Should.Throw<MalformedFrameException>(() => Reader(hex).SkipTaggedFields());

    [Fact]
    public void A_tagged_field_that_is_not_as_long_as_it_says_is_malformed() => Should.Throw<MalformedFrameException>(() =>
    {
        var reader = Reader("00 02 0102");
        reader.BeginTaggedField(out var end);
        reader.ReadInt8();
        reader.EndTaggedField(end);
    });

    private static ProtocolReader Reader(string hex) => new(Convert.FromHexString(hex.Replace(" ", "")));
}
