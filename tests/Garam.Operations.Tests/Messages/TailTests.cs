using Garam.Operations.Messages;
using Garam.Operations.Queries;
using Garam.Operations.Topics;

namespace Garam.Operations.Tests.Messages;

public abstract class TailTests(TestKafka kafka) : MessageTests(kafka)
{
    [Fact]
    public async Task A_tail_shows_what_is_written_from_now_on_and_goes_on_from_its_cursor()
    {
        await CreateAsync(Topic, 2);
        await WriteAsync(0, 1, "before");
        var first = await FollowAsync(new TailRequest([Topic]), async seen =>
        {
            if (seen.Records.Count == 0)
                await WriteAsync(1, 2, "one", "two");
            return seen.Records.Count < 2;
        });
        first.Values.ShouldBe(["one", "two"]);
        first.Done!.Why.ShouldBe(BrowseEnd.Stopped);

        await WriteAsync(0, 4, "three");
        await WriteAsync(1, 5, "four");
        var second = await FollowAsync(new TailRequest([Topic]) { Cursor = first.Done.Newer }, seen => Task.FromResult(seen.Records.Count < 2));
        second.Values.ShouldBe(["three", "four"], ignoreOrder: true);
    }

    [Fact]
    public async Task Several_topics_are_followed_and_only_what_matches_is_shown()
    {
        var other = $"{Topic}-other";
        await CreateAsync(Topic, 1);
        await CreateAsync(other, 1);
        var seen = await FollowAsync(new TailRequest([Topic, other]) { Query = RecordQuery.Parse("value.n > 1") }, async seen =>
        {
            if (seen.Records.Count == 0)
            {
                await WriteAsync(0, 1, "{\"n\":1}", "{\"n\":2}");
                await Messages.ProduceAsync(new NewRecord(other, null, Bytes("{\"n\":3}")), Ct);
            }

            return seen.Records.Count < 2;
        });
        seen.Records.Select(record => record.Topic).Distinct().Count().ShouldBe(2);
        seen.Progress!.Scanned.ShouldBeGreaterThanOrEqualTo(3);
        seen.Progress.Hits.ShouldBe(seen.Records.Count);
    }

    [Fact]
    public async Task A_reader_that_is_slow_is_told_how_much_it_missed_and_nothing_is_lost_silently()
    {
        const int Written = 30_000;
        await CreateAsync(Topic, 1);
        var (shown, skipped, wrote) = (0, 0L, false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        BrowseEvent.Progress? last = null;
        await foreach (var next in Messages.TailAsync(new TailRequest([Topic]), stop.Token))
        {
            // The tail is not asked for more while all of this is written: that is what a slow reader is.
            if (!wrote)
                await Task.WhenAll(Enumerable.Range(0, Written).Select(number => Messages.ProduceAsync(new NewRecord(Topic, null, Bytes($"{number}")) { Partition = 0 }, Ct)));
            wrote = true;
            if (next is BrowseEvent.Rows rows)
                (shown, skipped) = (shown + rows.Records.Count, skipped + rows.Skipped);
            last = next as BrowseEvent.Progress ?? last;
            if (shown + skipped == Written)
                await stop.CancelAsync();
        }

        (shown + skipped).ShouldBe(Written);
        skipped.ShouldBeGreaterThan(0);
        last!.Skipped.ShouldBe(skipped);
        last.Hits.ShouldBe(Written);
    }

    [Fact]
    public async Task A_partition_that_is_added_is_read_from_its_beginning()
    {
        await CreateAsync(Topic, 1);
        var grown = false;
        var seen = await FollowAsync(new TailRequest([Topic]), async seen =>
        {
            if (!grown)
            {
                grown = true;
                await new TopicOperations(Connection).AddPartitionsAsync(Topic, 3, dryRun: false, Ct);
                await Eventually.Is(3, async () => (await new TopicOperations(Connection).ListAsync(Ct)).Single(listed => listed.Name == Topic).Partitions);
                using var fresh = new MessageOperations(Connection);
                await fresh.ProduceAsync(new NewRecord(Topic, null, Bytes("new")) { Partition = 2 }, Ct);
            }

            return seen.Records.Count < 1;
        });
        seen.Values.ShouldBe(["new"]);
    }

    [Fact]
    public async Task A_topic_that_is_deleted_ends_its_tail()
    {
        await FailureOf(FailureKind.NotFound, () => FollowAsync(new TailRequest([Topic]), _ => Task.FromResult(true)));
        await CreateAsync(Topic, 1);
        await FailureOf(FailureKind.NotFound, () => FollowAsync(new TailRequest([Topic]), async seen =>
        {
            await new TopicOperations(Connection).DeleteAsync([Topic], Ct);
            return true;
        }));
    }

    /// <summary>Follows while the condition holds; it is asked at each event.</summary>
    private async Task<Browsed> FollowAsync(TailRequest request, Func<Browsed, Task<bool>> goesOn)
    {
        var seen = new Browsed();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        await foreach (var next in Messages.TailAsync(request, stop.Token))
        {
            seen.Add(next);
            if (!stop.IsCancellationRequested && !await goesOn(seen))
                await stop.CancelAsync();
        }

        return seen;
    }
}

public sealed class TailOnGaram(GaramKafka kafka) : TailTests(kafka);

public sealed class TailOnApacheKafka(ApacheKafka kafka) : TailTests(kafka);
