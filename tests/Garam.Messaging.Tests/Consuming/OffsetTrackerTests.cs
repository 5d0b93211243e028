using Garam.Messaging.Consuming;
using Garam.Messaging.Endpoints;

namespace Garam.Messaging.Tests.Consuming;

public sealed class OffsetTrackerTests
{
    [Fact]
    public void Nothing_is_committed_before_something_is_done()
    {
        var tracker = new OffsetTracker();
        tracker.Add(Record(5));
        tracker.Advance();
        tracker.Head.ShouldBeNull();
        tracker.Position.ShouldBe(5);
    }

    [Fact]
    public void The_head_stops_before_the_oldest_record_that_is_not_done()
    {
        var tracker = new OffsetTracker();
        var records = Enumerable.Range(0, 4).Select(offset => Record(offset)).ToList();
        records.ForEach(tracker.Add);
        records[0].Complete();
        records[1].Complete();
        records[3].Complete();
        tracker.Advance();
        tracker.Head.ShouldBe(2);
        tracker.Count.ShouldBe(2);
    }

    [Fact]
    public void Gaps_that_compaction_leaves_are_stepped_over()
    {
        var tracker = new OffsetTracker();
        InFlightRecord[] records = [Record(3), Record(90), Record(1_000_000)];
        foreach (var record in records)
        {
            tracker.Add(record);
            record.Complete();
        }

        tracker.Advance();
        tracker.Head.ShouldBe(1_000_001);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void In_any_order_of_completion_the_head_is_the_lowest_offset_that_is_not_done(int seed)
    {
        var random = new Random(seed);
        var tracker = new OffsetTracker();
        var open = new SortedDictionary<long, InFlightRecord>();
        long next = 0;
        for (var turn = 0; turn < 5_000; turn++)
        {
            if (open.Count == 0 || random.Next(100) < 52)
            {
                next += random.Next(1, 4);
                tracker.Add(open[next] = Record(next));
            }
            else
            {
                var (offset, record) = open.ElementAt(random.Next(open.Count));
                record.Complete();
                open.Remove(offset);
            }

            tracker.Advance();
            tracker.Head.GetValueOrDefault().ShouldBeLessThanOrEqualTo(open.Count > 0 ? open.Keys.First() : next + 1);
            (tracker.Position ?? 0).ShouldBeGreaterThan(open.Count > 0 ? 0 : next);
        }

        foreach (var record in open.Values)
        {
            record.Complete();
        }

        tracker.Advance();
        tracker.Head.ShouldBe(next + 1);
        tracker.Count.ShouldBe(0);
    }

    private static InFlightRecord Record(long offset) =>
        new(new RecordContext { Group = "g", Topic = "t", Partition = 0, Offset = offset });
}
