using Confluent.Kafka;
using Garam.Messaging.Failures;
using Garam.Messaging.Producing;
using Garam.Operations.DeadLetters;
using Garam.Operations.Messages;

namespace Garam.Operations.Tests.DeadLetters;

/// <summary>What is kept of a topic of dead letters, and what is read of it: never all of a large one, and nothing twice.</summary>
public sealed class LetterTallyTests
{
    private const string Topic = "orders.billing.dlt";

    private readonly LetterTally _tally = new(Topic);

    [Fact]
    public void Only_what_is_new_is_read_and_what_was_deleted_is_forgotten()
    {
        Read(0, 3, Letter(0), Letter(1), Letter(2)).ShouldBe((0, 3));
        Read(0, 5, Letter(3), Marker(4, of: 1)).ShouldBe((3, 5));
        Summary(0, 5).ShouldBe((3, 4, 0));
        Unread(2, 5).ShouldBeNull("nothing is new");
        Summary(2, 5).ShouldBe((2, 2, 0));
    }

    [Fact]
    public void Of_a_large_topic_the_newest_is_read_and_how_much_was_left_out_is_said()
    {
        var end = DeadLetterOperations.MaxScanned + 1_000;
        Read(0, end, Letter(end - 2), Marker(end - 1, of: 5)).ShouldBe((1_000, end));
        Summary(0, end).ShouldBe((1, 1, 1_000));
        Read(0, end + 10).ShouldBe((end, end + 10));
    }

    [Fact]
    public void A_program_that_was_away_for_long_begins_anew_with_the_newest()
    {
        Read(0, 2, Letter(0), Letter(1));
        var end = DeadLetterOperations.MaxScanned + 5_000;
        Read(0, end, Letter(end - 1)).ShouldBe((5_000, end));
        Summary(0, end).ShouldBe((1, 1, 5_000));
    }

    [Fact]
    public void A_new_topic_of_an_old_name_is_read_from_its_start()
    {
        Read(0, 3, Letter(0), Letter(1), Letter(2));
        Read(0, 1, Letter(0)).ShouldBe((0, 1));
        Summary(0, 1).ShouldBe((1, 1, 0));
    }

    [Fact]
    public void Whoever_writes_the_types_of_exceptions_cannot_have_us_keep_more_than_some_hundred()
    {
        for (var number = 0; number < 2_000; number++)
            Read(0, number + 1, Letter(number, $"Made.Up{number}"));
        var reasons = _tally.Summary(Bounds(0, 2_000)).Reasons;
        reasons.Count.ShouldBeLessThan(600);
        reasons.Sum(reason => reason.Count).ShouldBe(2_000);
    }

    private (long From, long Until)? Read(long start, long end, params StoredRecord[] records)
    {
        var unread = Unread(start, end);
        Array.ForEach(records, _tally.Add);
        _tally.EndReading(Bounds(start, end));
        return unread;
    }

    private (long From, long Until)? Unread(long start, long end) => _tally.Unread(Bounds(start, end)) is [var range] ? (range.From, range.Until) : null;

    private (long Open, long Total, long NotLookedAt) Summary(long start, long end)
    {
        var summary = _tally.Summary(Bounds(start, end));
        return (summary.Open, summary.Total, summary.NotLookedAt);
    }

    private static PartitionRange[] Bounds(long start, long end) => [new PartitionRange(new TopicPartition(Topic, 0), start, end)];

    private static StoredRecord Letter(long offset, string exception = "System.TimeoutException") => new(Topic, 0, offset, 1_000, null, [1],
        [RecordHeader.Text(DeadLetterHeaders.Topic, "orders"), RecordHeader.Text(DeadLetterHeaders.Exception, exception)]);

    private static StoredRecord Marker(long offset, long of) => new(Topic, 0, offset, 1_000, null, null, [RecordHeader.Text(RedriveHeaders.Of, $"0:{of}")]);
}
