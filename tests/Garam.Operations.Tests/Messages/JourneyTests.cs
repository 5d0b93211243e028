using Garam.Messaging.Failures;
using Garam.Messaging.Producing;
using Garam.Operations.Messages;

namespace Garam.Operations.Tests.Messages;

public abstract class JourneyTests(TestKafka kafka) : MessageTests(kafka)
{
    private readonly long _now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
    private readonly string _trace = $"00-{Guid.NewGuid():N}-00f067aa0ba902b7-01";

    private string Next => $"{Topic}-next";

    private string Letters => $"{Topic}.billing.dlt";

    [Fact]
    public async Task Groups_that_read_the_partition_are_said_to_be_past_the_record_or_not()
    {
        await CreateAsync(Topic, 2);
        await WriteAsync(0, 1, "a", "b", "c");
        var (past, behind, elsewhere) = (TestKafka.NewName("past"), TestKafka.NewName("behind"), TestKafka.NewName("elsewhere"));
        await CommitAsync(past, Topic, (0, 2));
        await CommitAsync(behind, Topic, (0, 1));
        await CommitAsync(elsewhere, Topic, (1, 0));

        var readers = (await TravelAsync(new StoredPlace(Topic, 0, 1))).OfType<JourneyStep.ReadBy>().ToList();
        readers.ShouldBe([new JourneyStep.ReadBy(behind, "Empty", 1, Passed: false), new JourneyStep.ReadBy(past, "Empty", 2, Passed: true)]);
    }

    [Fact]
    public async Task Records_of_one_trace_are_found_in_other_topics_before_and_after()
    {
        await CreateAsync(Topic, 1);
        await CreateAsync(Next, 3);
        var first = await WriteAsync(Topic, 0, _now, Trace);
        await WriteAsync(Next, 1, _now + 5, RecordHeader.Text("traceparent", $"00-{Guid.NewGuid():N}-00f067aa0ba902b7-01"));
        var second = await WriteAsync(Next, 2, _now + 40, Trace);
        var late = await WriteAsync(Next, 1, _now + 3_000_000, Trace);

        var steps = await TravelAsync(first);
        steps.OfType<JourneyStep.Found>().Select(found => (found.Record.Place, found.Link, found.After)).ShouldBe(
        [
            (second, JourneyLink.Trace, TimeSpan.FromMilliseconds(40)),
            (late, JourneyLink.Trace, TimeSpan.FromSeconds(3_000)),
        ]);
        var looked = steps[^1].ShouldBeOfType<JourneyStep.Looked>();
        ShouldSayWhatWasNotSearched(looked);
        looked.Records.ShouldBeGreaterThanOrEqualTo(4);

        (await TravelAsync(second)).OfType<JourneyStep.Found>().Select(found => found.Record.Place).ShouldBe([first, late]);
    }

    [Fact]
    public async Task A_dead_letter_is_found_and_what_became_of_it_and_both_lead_back()
    {
        await CreateAsync(Topic, 1);
        await CreateAsync(Letters, 1);
        var record = await WriteAsync(Topic, 0, _now);
        var letter = await WriteAsync(Letters, 0, _now, RecordHeader.Text(DeadLetterHeaders.Topic, Topic), RecordHeader.Text(DeadLetterHeaders.Partition, "0"), RecordHeader.Text(DeadLetterHeaders.Offset, $"{record.Offset}"));
        var redriven = await WriteAsync(Topic, 0, _now + 60_000, RecordHeader.Text(RedriveHeaders.From, letter.ToHeader()));
        await Messages.ProduceAsync(
            new NewRecord(Letters, null, null) { Partition = 0, Headers = [RecordHeader.Text(RedriveHeaders.Of, $"0:{letter.Offset}"), RecordHeader.Text(RedriveHeaders.To, redriven.ToHeader())] }, Ct);

        (await FoundAsync(record)).ShouldBe([(letter, JourneyLink.DeadLetter), (redriven, JourneyLink.Redrive)]);
        (await FoundAsync(letter)).ShouldBe([(record, JourneyLink.Origin), (redriven, JourneyLink.Redrive)]);
        (await FoundAsync(redriven)).ShouldBe([(letter, JourneyLink.Origin)]);
    }

    [Fact]
    public async Task A_record_that_names_what_is_gone_or_never_was_has_a_journey_all_the_same()
    {
        await CreateAsync(Topic, 1);
        var record = await WriteAsync(Topic, 0, _now, RecordHeader.Text(CopyRequest.OriginHeader, "no-such-topic:0:5"), RecordHeader.Text(RedriveHeaders.From, "<script>:x:-1"), Trace);
        var steps = await TravelAsync(record);
        steps.OfType<JourneyStep.Found>().ShouldBeEmpty();
        ShouldSayWhatWasNotSearched(steps[^1].ShouldBeOfType<JourneyStep.Looked>());
    }

    /// <summary>A cluster that other tests share may hold more than a journey searches.</summary>
    private static void ShouldSayWhatWasNotSearched(JourneyStep.Looked looked) =>
        (looked.NotSearched > 0).ShouldBe(!looked.Complete, $"{looked}");

    private RecordHeader Trace => RecordHeader.Text("traceparent", _trace);

    private Task<StoredPlace> WriteAsync(string topic, int partition, long at, params RecordHeader[] headers) =>
        Messages.ProduceAsync(new NewRecord(topic, null, Bytes("v")) { Partition = partition, TimestampMs = at, Headers = headers }, Ct);

    private async Task<List<JourneyStep>> TravelAsync(StoredPlace place)
    {
        var record = await Messages.ReadAsync(place.Topic, place.Partition, place.Offset, Ct);
        var steps = new List<JourneyStep>();
        await foreach (var step in Messages.JourneyAsync(record!, Ct))
            steps.Add(step);
        return steps;
    }

    private async Task<IEnumerable<(StoredPlace, JourneyLink)>> FoundAsync(StoredPlace place) =>
        (await TravelAsync(place)).OfType<JourneyStep.Found>().Select(found => (found.Record.Place, found.Link));
}

public sealed class JourneyOnGaram(GaramKafka kafka) : JourneyTests(kafka);

public sealed class JourneyOnApacheKafka(ApacheKafka kafka) : JourneyTests(kafka);
