using System.Buffers.Binary;
using System.Text;
using Garam.Messaging.Producing;
using Garam.Operations.DeadLetters;
using Garam.Operations.Messages;

namespace Garam.Operations.Tests.DeadLetters;

public sealed class LetterReadingTests
{
    private static readonly DateTimeOffset WrittenAt = DateTimeOffset.FromUnixTimeMilliseconds(1_000_000);

    [Fact]
    public void Our_own_headers_are_read()
    {
        var letter = Read(
            ("tenant", "가람"), ("garam.dlt.topic", "orders"), ("garam.dlt.partition", "2"), ("garam.dlt.offset", "41"), ("garam.dlt.group", "billing"),
            ("garam.dlt.attempts", "4"), ("garam.dlt.exception", "System.TimeoutException"), ("garam.dlt.message", "too late"),
            ("garam.dlt.at", "2026-11-21T09:30:00.0000000Z"), ("garam.dlt.stack", "at Billing.Charge()"), ("garam.redrive.count", "1"));
        (letter.Convention, letter.SourceTopic, letter.SourcePartition, letter.SourceOffset, letter.Group, letter.Attempts).ShouldBe(("garam", "orders", 2, 41, "billing", 4));
        (letter.Exception, letter.Message, letter.Stack, letter.Redrives).ShouldBe(("System.TimeoutException", "too late", "at Billing.Charge()", 1));
        letter.At.ShouldBe(new DateTimeOffset(2026, 11, 21, 9, 30, 0, TimeSpan.Zero));
        letter.OwnHeaders.Select(header => header.Name).ShouldBe(["tenant"]);
        letter.State.ShouldBe(DeadLetterState.Open);
    }

    [Fact]
    public void Springs_numbers_are_bytes_and_its_wrapper_is_not_the_reason()
    {
        var letter = LetterReading.Read(Record(
        [
            RecordHeader.Text("own", "1"), RecordHeader.Text("kafka_dlt-original-topic", "orders"), new("kafka_dlt-original-partition", Int(3)), new("kafka_dlt-original-offset", Long(5_000_000_000)),
            RecordHeader.Text("kafka_dlt-original-consumer-group", "billing"), RecordHeader.Text("kafka_dlt-exception-fqcn", "org.springframework.kafka.listener.ListenerExecutionFailedException"),
            RecordHeader.Text("kafka_dlt-exception-cause-fqcn", "java.lang.IllegalStateException"), RecordHeader.Text("kafka_dlt-exception-message", "no"),
            RecordHeader.Text("kafka_dlt-exception-stacktrace", "at com.example"), new("retry_topic-attempts", Int(4)),
        ]));
        (letter.Convention, letter.SourceTopic, letter.SourcePartition, letter.SourceOffset, letter.Group, letter.Attempts).ShouldBe(("spring", "orders", 3, 5_000_000_000, "billing", 4));
        (letter.Exception, letter.Message, letter.Stack, letter.At).ShouldBe(("java.lang.IllegalStateException", "no", "at com.example", WrittenAt));
        letter.OwnHeaders.Select(header => header.Name).ShouldBe(["own"]);
    }

    [Fact]
    public void A_connectors_group_has_its_name_with_a_prefix()
    {
        var letter = Read(
            ("__connect.errors.topic", "orders"), ("__connect.errors.partition", "1"), ("__connect.errors.offset", "7"), ("__connect.errors.connector.name", "sink"),
            ("__connect.errors.exception.class.name", "org.apache.kafka.connect.errors.DataException"), ("__connect.errors.exception.message", "bad"), ("__connect.errors.stage", "VALUE_CONVERTER"));
        (letter.Convention, letter.SourceTopic, letter.SourcePartition, letter.SourceOffset, letter.Group).ShouldBe(("connect", "orders", 1, 7, "connect-sink"));
        (letter.Exception, letter.Message).ShouldBe(("org.apache.kafka.connect.errors.DataException", "bad"));
        letter.OwnHeaders.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("__streams.errors.topic", "kafka-streams")]
    [InlineData("dead-letter-topic", "smallrye")]
    [InlineData("x-original-topic", "spring-cloud-stream")]
    public void Other_frameworks_are_known_by_their_header_of_the_topic(string header, string convention)
    {
        var letter = Read((header, "orders"));
        (letter.Convention, letter.SourceTopic, letter.SourcePartition, letter.Exception).ShouldBe((convention, "orders", null, null));
    }

    [Fact]
    public void Headers_that_are_missing_or_nonsense_are_as_if_they_were_not_there()
    {
        Read().ShouldSatisfyAllConditions(letter => letter.Convention.ShouldBeNull(), letter => letter.At.ShouldBe(WrittenAt));
        var nonsense = LetterReading.Read(Record(
        [
            new("garam.dlt.topic", new byte[] { 0xff, 0xfe }), RecordHeader.Text("garam.dlt.partition", "-1"), RecordHeader.Text("garam.dlt.offset", "99999999999999999999"),
            new("garam.dlt.group", null), RecordHeader.Text("garam.dlt.attempts", "4294967296"), RecordHeader.Text("garam.dlt.at", "yesterday"), RecordHeader.Text("garam.redrive.count", "many"),
            RecordHeader.Text("garam.dlt.exception", ""), RecordHeader.Text("garam.dlt.message", new string('가', 1_000_000)),
        ]));
        (nonsense.SourcePartition, nonsense.SourceOffset, nonsense.Group, nonsense.Attempts, nonsense.Exception, nonsense.Redrives).ShouldBe((null, null, null, null, null, 0));
        (nonsense.SourceTopic, nonsense.At).ShouldBe(("\ufffd\ufffd", WrittenAt));
        nonsense.Message!.Length.ShouldBeLessThan(20_000);
    }

    [Fact]
    public void A_record_that_failed_twice_without_being_cleaned_is_about_its_last_failure() =>
        Read(("garam.dlt.topic", "first"), ("garam.dlt.topic", "second")).SourceTopic.ShouldBe("second");

    [Fact]
    public void A_marker_names_the_letter_before_it_and_where_it_went()
    {
        var marker = LetterReading.Marker(Marker("2:41", offset: 50));
        marker.ShouldNotBeNull().Offset.ShouldBe(41);
        marker.Value.Redriven.ShouldBe(new Redriven(new DateTimeOffset(2026, 11, 21, 9, 30, 0, TimeSpan.Zero), new StoredPlace("orders", 0, 7)));
    }

    [Theory]
    [InlineData("1:41")]          // of another partition: it was copied here
    [InlineData("2:60")]          // of a letter that comes later
    [InlineData("2")]
    [InlineData("2:x")]
    [InlineData("")]
    public void A_marker_that_makes_no_sense_marks_nothing_and_is_no_letter_either(string of)
    {
        LetterReading.Marker(Marker(of, offset: 50)).ShouldBeNull();
        LetterReading.IsMarker(Marker(of, offset: 50)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("orders.billing.dlt", true)]
    [InlineData("orders-dlt", true)]
    [InlineData("orders.DLT", true)]
    [InlineData("orders_dlq", true)]
    [InlineData("dlq-orders", true)]
    [InlineData("payments.dead-letter", true)]
    [InlineData("orders", false)]
    [InlineData("dlt", false)]
    [InlineData("adlt", false)]
    [InlineData("bundlts", false)]
    public void Topics_of_dead_letters_are_known_by_their_names(string topic, bool isOne) => DeadLetterNames.IsOne(topic).ShouldBe(isOne);

    private static StoredRecord Marker(string of, long offset) => new("orders.billing.dlt", 2, offset, 1_000_000, null, null,
        [RecordHeader.Text("garam.redrive.of", of), RecordHeader.Text("garam.redrive.to", "orders:0:7"), RecordHeader.Text("garam.redrive.at", "2026-11-21T09:30:00Z")]);

    private static DeadLetter Read(params (string Name, string Value)[] headers) => LetterReading.Read(Record([.. headers.Select(header => RecordHeader.Text(header.Name, header.Value))]));

    private static StoredRecord Record(IReadOnlyList<RecordHeader> headers) => new("orders.billing.dlt", 2, 50, 1_000_000, Encoding.UTF8.GetBytes("key"), [1], headers);

    private static byte[] Int(int number)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Long(long number)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return bytes;
    }
}
