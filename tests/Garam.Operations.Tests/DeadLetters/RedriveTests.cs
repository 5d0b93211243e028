using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Garam.Messaging.Failures;
using Garam.Messaging.Producing;
using Garam.Operations.DeadLetters;
using Garam.Operations.Messages;
using Garam.Operations.Queries;
using Microsoft.Extensions.Time.Testing;

namespace Garam.Operations.Tests.DeadLetters;

/// <summary>What holds while letters are sent: their order, their number, and what a crash or a second operator makes of it.</summary>
public abstract class RedriveTests(TestKafka kafka) : OperationsTests(kafka)
{
    private string Letters => $"{Topic}.billing.dlt";

    [Fact]
    public async Task Ten_thousand_letters_arrive_once_each_in_the_order_of_their_partitions()
    {
        const int count = 10_000;
        await WriteLettersAsync(count, partitions: 3);
        using var operations = new DeadLetterOperations(Connection);
        var plan = await operations.PlanAsync(Letters, new RedriveSelection.All(), null, Ct);
        (plan.Count, plan.Targets.Count, plan.Targets.Sum(target => target.Count)).ShouldBe((count, 3, count));

        var events = await operations.RedriveAsync(plan, Ct).ToListAsync(Ct);
        (events[^1].Redriven, events[^1].Skipped, events[^1].Total, events[^1].Done).ShouldBe((count, 0, count, true));
        events.Select(progress => progress.Redriven).ShouldBeInOrder();
        var places = events.SelectMany(progress => progress.Latest).ToList();
        places.Count.ShouldBe(count);

        var records = await ReadAllAsync(Topic);
        records.Count.ShouldBe(count);
        foreach (var partition in records.GroupBy(record => record.Partition))
            partition.Select(Number).ShouldBe(Enumerable.Range(0, count).Where(number => number % 3 == partition.Key));
        places.ToDictionary(place => place.To, place => place.Letter).ShouldSatisfyAllConditions(
            sent => records.ShouldAllBe(record => record.Header(RedriveHeaders.From) == sent[record.Place].ToHeader()));

        var again = await operations.PlanAsync(Letters, new RedriveSelection.All(), null, Ct);
        (again.Count, again.AlreadyRedriven).ShouldBe((0, count));
        using var stranger = new DeadLetterOperations(Connection);
        var listed = (await stranger.ListAsync(Ct)).Single(topic => topic.Topic == Letters);
        (listed.Open, listed.Total).ShouldBe((0, count));
    }

    [Fact]
    public async Task A_crash_between_a_record_and_its_marker_sends_it_again_and_loses_nothing()
    {
        await WriteLettersAsync(250, partitions: 1);
        var markers = 0;
        using (var crashing = new DeadLetterOperations(Connection, TimeProvider.System, (write, record, ct) =>
            record.Value is null && ++markers > 130 ? Fails(FailureKind.Unreachable, "the power is off") : write(record, ct)))
        {
            var plan = await crashing.PlanAsync(Letters, new RedriveSelection.All(), null, Ct);
            var failure = await FailureOf(FailureKind.Unreachable, async () => await crashing.RedriveAsync(plan, Ct).LastAsync(Ct));
            failure.Message.ShouldContain("70 of the letters that were sent could not be marked");
        }

        using var next = new DeadLetterOperations(Connection);
        var rest = await next.PlanAsync(Letters, new RedriveSelection.All(), null, Ct);
        (rest.Count, rest.AlreadyRedriven).ShouldBe((120, 130));
        (await next.RedriveAsync(rest, Ct).LastAsync(Ct)).Redriven.ShouldBe(120);
        var sent = (await ReadAllAsync(Topic)).Select(Number).ToList();
        sent.Distinct().Order().ShouldBe(Enumerable.Range(0, 250));
        sent.Count.ShouldBe(320, "the 70 are there twice");
    }

    [Fact]
    public async Task A_record_that_is_refused_ends_the_redrive_and_says_how_far_it_came()
    {
        await WriteLettersAsync(250, partitions: 1);
        using var operations = new DeadLetterOperations(Connection, TimeProvider.System, (write, record, ct) =>
            record.Value is { } value && Encoding.UTF8.GetString(value) == "120" ? Fails(FailureKind.Invalid, "too large") : write(record, ct));
        var plan = await operations.PlanAsync(Letters, new RedriveSelection.All(), null, Ct);
        var failure = await FailureOf(FailureKind.Invalid, async () => await operations.RedriveAsync(plan, Ct).LastAsync(Ct));
        failure.Message.ShouldStartWith("199 of 250 letters were sent back, then the letter");
        var rest = await operations.PlanAsync(Letters, new RedriveSelection.All(), null, Ct);
        rest.Count.ShouldBe(51, "what had been sent with it is marked");
    }

    [Fact]
    public async Task What_another_operator_sends_meanwhile_is_not_sent_twice()
    {
        await WriteLettersAsync(500, partitions: 1);
        using var first = new DeadLetterOperations(Connection);
        using var second = new DeadLetterOperations(Connection);
        var plan = await first.PlanAsync(Letters, new RedriveSelection.All(), null, Ct);
        var late = await second.PlanAsync(Letters, new RedriveSelection.All(), null, Ct);
        await foreach (var progress in first.RedriveAsync(plan, Ct))
        {
            if (progress.Redriven == 200)
                break;
        }

        var result = await second.RedriveAsync(late, Ct).LastAsync(Ct);
        (result.Redriven, result.Skipped).ShouldBe((300, 200));
        (await ReadAllAsync(Topic)).Select(Number).ShouldBe(Enumerable.Range(0, 500));
    }

    [Fact]
    public async Task One_program_does_not_send_from_one_topic_twice_at_a_time()
    {
        await WriteLettersAsync(300, partitions: 1);
        using var operations = new DeadLetterOperations(Connection);
        var plan = await operations.PlanAsync(Letters, new RedriveSelection.All(), null, Ct);
        await foreach (var progress in operations.RedriveAsync(plan, Ct))
        {
            await FailureOf(FailureKind.Conflict, async () => await operations.RedriveAsync(plan, Ct).LastAsync(Ct));
            break;
        }

        (await operations.RedriveAsync(plan, Ct).LastAsync(Ct)).ShouldBe(new RedriveProgress(200, 100, 300, [], true), new SameNumbers());
    }

    [Fact]
    public async Task It_stops_between_two_batches_and_what_was_sent_is_marked()
    {
        await WriteLettersAsync(1_000, partitions: 1);
        using var operations = new DeadLetterOperations(Connection);
        using var stop = new CancellationTokenSource();
        var plan = await operations.PlanAsync(Letters, new RedriveSelection.All(), null, Ct);
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var progress in operations.RedriveAsync(plan, stop.Token))
            {
                if (progress.Redriven == 300)
                    await stop.CancelAsync();
            }
        });
        (await ReadAllAsync(Topic)).Count.ShouldBe(300);
        (await operations.PlanAsync(Letters, new RedriveSelection.All(), null, Ct)).Count.ShouldBe(700);
    }

    [Fact]
    public async Task A_letter_that_was_sent_is_sent_again_only_by_its_place()
    {
        await WriteLettersAsync(3, partitions: 1);
        using var operations = new DeadLetterOperations(Connection);
        await operations.RedriveAsync(await operations.PlanAsync(Letters, new RedriveSelection.All(), null, Ct), Ct).LastAsync(Ct);
        var plan = await operations.PlanAsync(Letters, new RedriveSelection.Place(0, 1), null, Ct);
        plan.Count.ShouldBe(1);
        plan.Warnings.ShouldContain(warning => warning.StartsWith("This letter was sent back before at", StringComparison.Ordinal) && warning.Contains($"{Topic}/0/1"));
        (await operations.RedriveAsync(plan, Ct).LastAsync(Ct)).Redriven.ShouldBe(1);
        (await ReadAllAsync(Topic)).Select(Number).ShouldBe([0, 1, 2, 1]);
    }

    [Fact]
    public async Task A_rate_is_kept_by_the_clock()
    {
        await WriteLettersAsync(50, partitions: 1);
        var clock = new SteppedTime();
        using var operations = new DeadLetterOperations(Connection, clock);
        var plan = await operations.PlanAsync(Letters, new RedriveSelection.All(), null, Ct) with { RatePerSecond = 100 };
        var events = await operations.RedriveAsync(plan, Ct).ToListAsync(Ct);
        events.Count.ShouldBe(6, "five batches of ten, and the end");
        clock.Waits.ShouldBe([.. Enumerable.Repeat(TimeSpan.FromMilliseconds(100), 4)], "none after the last");
        await FailureOf(FailureKind.Invalid, async () => await operations.RedriveAsync(plan with { RatePerSecond = 0 }, Ct).LastAsync(Ct));
    }

    [Fact]
    public async Task Letters_that_lie_far_apart_are_fetched_without_what_lies_between()
    {
        await WriteLettersAsync(12_000, partitions: 1);
        using var operations = new DeadLetterOperations(Connection);
        var source = new TopicPartition(Letters, 0);
        var batches = await new LetterBatches(Connection, TimeProvider.System, source, [0, 1, 5_500, 11_999], rate: null).ReadAsync(Ct).ToListAsync(Ct);
        batches.SelectMany(batch => batch).Select(letter => letter.Record.Offset).ShouldBe([0, 1, 5_500, 11_999]);
    }

    [Fact]
    public async Task The_few_open_letters_among_many_that_were_sent_back_are_fetched_from_where_they_are()
    {
        await WriteLettersAsync(6_000, partitions: 2);
        var query = RecordQuery.Parse("not (offset:7 or offset:1500 or offset:2999)");
        using (var operations = new DeadLetterOperations(Connection))
            await operations.RedriveAsync(await operations.PlanAsync(Letters, new RedriveSelection.Matching(query), null, Ct), Ct).LastAsync(Ct);
        using var reading = new DeadLetterOperations(Connection);
        var open = await reading.ReadAsync(Letters, null, 100, includeRedriven: false, Ct).ToListAsync(Ct);
        open.Select(letter => letter.Record.Offset).ShouldBe([2999, 2999, 1500, 1500, 7, 7]);
        (await reading.ReadAsync(Letters, null, 3, includeRedriven: false, Ct).CountAsync(Ct)).ShouldBe(3);
        (await reading.ReadAsync(Letters, RecordQuery.Parse("offset:7 partition:1"), 100, includeRedriven: false, Ct).ToListAsync(Ct))
            .ShouldHaveSingleItem().Record.Place.ShouldBe(new StoredPlace(Letters, 1, 7));
    }

    [Fact]
    public async Task A_list_reads_only_what_is_new_and_forgets_what_was_deleted()
    {
        await WriteLettersAsync(100, partitions: 2);
        using var operations = new DeadLetterOperations(Connection);
        (await ListedAsync(operations)).Open.ShouldBe(100);
        await Connection.Admin.DeleteRecordsAsync([new TopicPartitionOffset(Letters, 0, 20)]);
        (await ListedAsync(operations)).ShouldSatisfyAllConditions(topic => topic.Open.ShouldBe(80), topic => topic.NotLookedAt.ShouldBe(0));
        await operations.RedriveAsync(await operations.PlanAsync(Letters, new RedriveSelection.Place(1, 3), null, Ct), Ct).LastAsync(Ct);
        (await ListedAsync(operations)).ShouldSatisfyAllConditions(topic => topic.Open.ShouldBe(79), topic => topic.Total.ShouldBe(80));
    }

    private async Task<DeadLetterTopic> ListedAsync(DeadLetterOperations operations) => (await operations.ListAsync(Ct)).Single(topic => topic.Topic == Letters);

    /// <summary>Letters whose values are numbers, spread over the partitions in turn.</summary>
    private async Task WriteLettersAsync(int count, int partitions)
    {
        await CreateAsync(Topic, partitions);
        await CreateAsync(Letters, partitions);
        using var messages = new MessageOperations(Connection);
        await Task.WhenAll(Enumerable.Range(0, count).Select(number => messages.ProduceAsync(
            new NewRecord(Letters, null, Encoding.UTF8.GetBytes($"{number}"))
            {
                Partition = number % partitions,
                Headers =
                [
                    RecordHeader.Text(DeadLetterHeaders.Topic, Topic), RecordHeader.Text(DeadLetterHeaders.Partition, $"{number % partitions}"),
                    RecordHeader.Text(DeadLetterHeaders.Offset, $"{number}"), RecordHeader.Text(DeadLetterHeaders.Exception, "System.TimeoutException"),
                ],
            },
            Ct)));
    }

    private async Task<List<StoredRecord>> ReadAllAsync(string topic)
    {
        using var messages = new MessageOperations(Connection);
        return await messages.BrowseAsync(new BrowseRequest(topic) { Limit = null }, Ct).OfType<BrowseEvent.Rows>().SelectMany(rows => rows.Records).ToListAsync(Ct);
    }

    private static Task<StoredPlace> Fails(FailureKind kind, string why) => Task.FromException<StoredPlace>(new OperationException(kind, why));

    private static int Number(StoredRecord record) => int.Parse(Encoding.UTF8.GetString(record.Value!), CultureInfo.InvariantCulture);

    /// <summary>Time that passes only where something waits for it.</summary>
    private sealed class SteppedTime : FakeTimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Advance(dueTime);
            return timer;
        }
    }

    private sealed class SameNumbers : IEqualityComparer<RedriveProgress>
    {
        public bool Equals(RedriveProgress? left, RedriveProgress? right) => left! with { Latest = [] } == right! with { Latest = [] };

        public int GetHashCode(RedriveProgress progress) => 0;
    }
}

public sealed class RedriveOnGaram(GaramKafka kafka) : RedriveTests(kafka);

public sealed class RedriveOnApacheKafka(ApacheKafka kafka) : RedriveTests(kafka);
