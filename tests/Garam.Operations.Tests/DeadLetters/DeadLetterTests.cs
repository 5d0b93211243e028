using System.Collections.Concurrent;
using System.Text;
using Garam.Messaging.Failures;
using Garam.Messaging.Producing;
using Garam.Operations.DeadLetters;
using Garam.Operations.Messages;
using Garam.Operations.Queries;

namespace Garam.Operations.Tests.DeadLetters;

/// <summary>Letters of a real endpoint that fails: what it cannot handle is found, understood, corrected and sent back.</summary>
public abstract class DeadLetterTests(TestKafka kafka) : OperationsTests(kafka)
{
    private readonly ConcurrentBag<string> _handled = [];
    private DeadLetterOperations? _operations;

    private DeadLetterOperations Operations => _operations ??= new DeadLetterOperations(Connection);

    private string Letters => $"{Topic}.{Group}.dlt";

    private string Group { get; } = TestKafka.NewName("billing");

    public override async ValueTask DisposeAsync()
    {
        _operations?.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_letter_is_found_read_corrected_sent_back_and_handled()
    {
        await CreateAsync(Topic, 3);
        await using var app = await StartAsync();
        await SendAsync(app, "1", """{"price":1}""");
        await Eventually.Is(1, () => _handled.Count);
        var bad = await SendAsync(app, "2", """{"price":"two"}""");
        var listed = await ListedAsync(open: 1);
        (listed.Source, listed.Group, listed.Total, listed.NotLookedAt).ShouldBe((Topic, Group, 1, 0));
        var reason = listed.Reasons.ShouldHaveSingleItem();
        (reason.Exception, reason.Count, reason.Example).ShouldBe((typeof(InvalidDataException).FullName, 1, "no number"));

        var letter = (await ReadAsync()).ShouldHaveSingleItem();
        (letter.SourceTopic, letter.SourcePartition, letter.SourceOffset, letter.Group, letter.Attempts).ShouldBe((Topic, bad.Partition, bad.Offset, Group, 1));
        letter.Stack.ShouldNotBeNull().ShouldContain(nameof(DeadLetterTests));
        Encoding.UTF8.GetString(letter.Record.Value!).ShouldBe("""{"price":"two"}""");

        var edit = LetterEdit.Of(letter) with { Value = """{"price":2}"""u8.ToArray() };
        var plan = await Operations.PlanAsync(Letters, Place(letter), edit, Ct);
        (plan.Count, plan.NotSendable, plan.AlreadyRedriven).ShouldBe((1, 0, 0));
        plan.Targets.ShouldBe([new RedriveTarget(Topic, bad.Partition, 1)]);
        plan.Readers.ShouldBe([new RedriveReader(Group, Topic, GaveUp: true, "Stable")]);
        plan.Warnings.ShouldBeEmpty();
        plan.Diff.Where(line => line.Change != LineChange.Same).ShouldBe(
            [new DiffLine(LetterPart.Value, LineChange.Removed, """  "price": "two" """.TrimEnd()), new DiffLine(LetterPart.Value, LineChange.Added, """  "price": 2""")]);
        _handled.ShouldBe(["""{"price":1}"""], "a plan sends nothing");

        var result = await RedriveAsync(plan);
        (result.Redriven, result.Skipped, result.Done).ShouldBe((1, 0, true));
        await Eventually.Is(2, () => _handled.Count);
        _handled.ShouldContain("""{"price":2}""");
        (await ListedAsync(open: 0)).Reasons.ShouldBeEmpty();
        (await ReadAsync()).ShouldBeEmpty();
        var sent = (await ReadAsync(includeRedriven: true)).ShouldHaveSingleItem();
        sent.State.ShouldBe(DeadLetterState.Redriven);
        sent.Redriven!.To!.Value.ShouldSatisfyAllConditions(to => to.Topic.ShouldBe(Topic), to => to.Partition.ShouldBe(bad.Partition), to => to.Offset.ShouldBeGreaterThan(bad.Offset));
        (await Operations.GetAsync(Letters, letter.Record.Partition, letter.Record.Offset, Ct))!.Redriven.ShouldBe(sent.Redriven);
    }

    [Fact]
    public async Task What_is_sent_back_is_the_record_as_it_was_with_its_provenance()
    {
        await CreateAsync(Topic, 2);
        await using var app = await StartAsync(_ => throw new InvalidDataException("never"));
        await app.Producer.ProduceAsync(
            new ProducerRecord(Topic, new byte[] { 0xff, 0x01 }, new byte[] { 0xfe, 0x00 })
            {
                Partition = 1,
                Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(1_600_000_000_000),
                Headers = [RecordHeader.Text("tenant", "가람"), new("none", null), RecordHeader.Text("tenant", "again")],
            },
            Ct);
        var letter = (await LettersAsync(1)).Single();
        var sent = (await RedriveAsync(await Operations.PlanAsync(Letters, new RedriveSelection.All(), null, Ct))).Latest;
        sent.ShouldBeEmpty("the last event is about the end");

        // It fails again: a letter of its own, which knows how often.
        var second = (await LettersAsync(2, includeRedriven: true)).Single(found => found.Record.Offset > letter.Record.Offset);
        (second.Redrives, second.SourceTopic, second.SourcePartition, second.State).ShouldBe((1, Topic, 1, DeadLetterState.Open));
        second.OwnHeaders.Select(header => (header.Name, header.AsText())).ShouldBe([("tenant", "가람"), ("none", null), ("tenant", "again")]);
        second.Record.Header(RedriveHeaders.From).ShouldBe($"{Letters}:1:{letter.Record.Offset}");
        second.Record.Header(RedriveHeaders.Timestamp).ShouldBe("1600000000000");
        second.Record.Header("garam.dlt.offset").ShouldBe("1");
        (second.Record.Key, second.Record.Value).ShouldSatisfyAllConditions(pair => pair.Key.ShouldBe([0xff, 0x01]), pair => pair.Value.ShouldBe([0xfe, 0x00]));
        second.Record.Timestamp!.Value.ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddMinutes(-5), "retention by time must not take it before anybody has read it");

        await RedriveAsync(await Operations.PlanAsync(Letters, new RedriveSelection.All(), null, Ct));
        (await LettersAsync(3, includeRedriven: true)).Max(found => found.Redrives).ShouldBe(2);
    }

    [Fact]
    public async Task Groups_that_had_no_trouble_are_named_because_they_read_it_again()
    {
        await CreateAsync(Topic, 1);
        await using (var app = await StartAsync())
        {
            await SendAsync(app, "1", "bad");
            await LettersAsync(1);
        }

        var other = TestKafka.NewName("audit");
        await CommitAsync(other, Topic, (0, 1));
        var plan = await Operations.PlanAsync(Letters, new RedriveSelection.All(), null, Ct);
        plan.Readers.Select(reader => (reader.Group, reader.GaveUp)).ShouldBe([(Group, true), (other, false)]);
        plan.Warnings.ShouldBe([$"Group {other} reads {Topic} too, and will see this record again.", $"Group {Group} has no members now: the records wait until it is started."]);
    }

    [Fact]
    public async Task Letters_are_selected_by_a_query()
    {
        await CreateAsync(Topic, 1);
        await using var app = await StartAsync(value => throw (value.Contains("slow") ? new ArgumentException("slow") : new InvalidDataException("bad")));
        foreach (var value in (string[])["bad 1", "slow 2", "bad 3", "slow 4", "slow 5"])
            await SendAsync(app, "k", value);
        await LettersAsync(5);
        var reasons = (await ListedAsync(open: 5)).Reasons;
        reasons.Select(reason => (reason.Exception, reason.Count)).ShouldBe([("System.ArgumentException", 3), ("System.IO.InvalidDataException", 2)]);

        var query = RecordQuery.Parse(reasons[0].Query);
        (await ReadAsync(query)).Select(letter => Encoding.UTF8.GetString(letter.Record.Value!)).ShouldBe(["slow 5", "slow 4", "slow 2"]);
        (await ReadAsync(query, limit: 1)).Count.ShouldBe(1);
        var plan = await Operations.PlanAsync(Letters, new RedriveSelection.Matching(query), null, Ct);
        plan.Count.ShouldBe(3);
        await app.StopAsync();
        await RedriveAsync(plan);
        (await ReadAsync()).Select(letter => letter.Exception).Distinct().ShouldBe(["System.IO.InvalidDataException"]);
    }

    [Fact]
    public async Task A_letter_of_nobody_can_be_sent_only_where_it_is_told_to_and_Kafkas_own_topics_are_no_targets()
    {
        await CreateAsync(Topic, 1);
        await CreateAsync(Letters, 1);
        await WriteAsync([]);
        await WriteAsync([RecordHeader.Text(DeadLetterHeaders.Topic, "__consumer_offsets")]);
        await WriteAsync([RecordHeader.Text(DeadLetterHeaders.Topic, Letters)]);
        await WriteAsync([RecordHeader.Text(DeadLetterHeaders.Topic, TestKafka.NewName("gone"))]);
        await WriteAsync([new(DeadLetterHeaders.Topic, new byte[] { 0xff, 0x00 })]);
        await WriteAsync([RecordHeader.Text(DeadLetterHeaders.Topic, new string('x', 1_000_000))]);
        (await ListedAsync(open: 6)).Reasons.ShouldHaveSingleItem().Exception.ShouldBeNull();
        var plan = await Operations.PlanAsync(Letters, new RedriveSelection.All(), null, Ct);
        (plan.Count, plan.NotSendable).ShouldBe((0, 6));
        plan.Warnings.Count.ShouldBe(5);
        plan.Warnings.ShouldContain("2 letters cannot be sent: their headers name a topic that no topic can be called.");
        (await RedriveAsync(plan)).Redriven.ShouldBe(0);

        var elsewhere = await Operations.PlanAsync(Letters, new RedriveSelection.All(), null, Topic, Ct);
        (elsewhere.Count, elsewhere.NotSendable).ShouldBe((6, 0));
        elsewhere.Targets.ShouldBe([new RedriveTarget(Topic, null, 6)]);
        (await RedriveAsync(elsewhere)).Redriven.ShouldBe(6);
    }

    [Fact]
    public async Task Letters_of_a_partition_that_is_gone_follow_their_key()
    {
        await CreateAsync(Topic, 1);
        await CreateAsync(Letters, 4);
        await WriteAsync([.. Source(partition: 3, offset: 9)], partition: 3);
        var plan = await Operations.PlanAsync(Letters, new RedriveSelection.All(), null, Ct);
        plan.Targets.ShouldBe([new RedriveTarget(Topic, null, 1)]);
        plan.Warnings[0].ShouldContain("their key decides");
        (await RedriveAsync(plan)).Redriven.ShouldBe(1);
    }

    [Fact]
    public async Task An_edited_key_chooses_the_partition()
    {
        await CreateAsync(Topic, 8);
        await CreateAsync(Letters, 8);
        await WriteAsync([.. Source(partition: 3, offset: 9)], partition: 3);
        var letter = (await LettersAsync(1)).Single();
        var plan = await Operations.PlanAsync(Letters, Place(letter), LetterEdit.Of(letter) with { Key = "other"u8.ToArray() }, Ct);
        plan.Targets.ShouldBe([new RedriveTarget(Topic, null, 1)]);
        plan.Warnings.ShouldContain(warning => warning.StartsWith("The key was changed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        await FailureOf(FailureKind.NotFound, () => Operations.PlanAsync(Letters, new RedriveSelection.All(), null, Ct));
        await CreateAsync(Letters, 1);
        await FailureOf(FailureKind.NotFound, () => Operations.PlanAsync(Letters, new RedriveSelection.Place(0, 7), null, Ct));
        await FailureOf(FailureKind.NotFound, () => Operations.PlanAsync(Letters, new RedriveSelection.Place(5, 0), null, Ct));
        (await Operations.GetAsync(Letters, 0, 7, Ct)).ShouldBeNull();
        (await ListedAsync(open: 0)).ShouldBe(new DeadLetterTopic(Letters, null, null, 0, 0, null, null, [], 0), new SameTopic());
        var edit = new LetterEdit(null, null, []);
        await FailureOf(FailureKind.Invalid, () => Operations.PlanAsync(Letters, new RedriveSelection.All(), edit, Ct));
    }

    private async Task<TestApp> StartAsync(Action<string>? handle = null)
    {
        var app = TestApp.Create(Servers);
        app.Map(Group, Topic, (ReadOnlyMemory<byte> value) => Handle(Encoding.UTF8.GetString(value.Span), handle)).Unless<InvalidDataException>().Unless<ArgumentException>().DeadLetter();
        await app.StartAsync(Ct);
        return app;
    }

    private void Handle(string value, Action<string>? handle)
    {
        handle?.Invoke(value);
        if (value.Contains("two") || value.Contains("bad"))
            throw new InvalidDataException("no number");
        _handled.Add(value);
    }

    private async Task<RecordPosition> SendAsync(TestApp app, string key, string value) =>
        await app.Producer.ProduceAsync(new ProducerRecord(Topic, Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value)), Ct);

    private async Task WriteAsync(IReadOnlyList<RecordHeader> headers, int partition = 0)
    {
        using var messages = new MessageOperations(Connection);
        await messages.ProduceAsync(new NewRecord(Letters, "k"u8.ToArray(), "v"u8.ToArray()) { Headers = headers, Partition = partition }, Ct);
    }

    private IEnumerable<RecordHeader> Source(int partition, long offset) =>
        [RecordHeader.Text(DeadLetterHeaders.Topic, Topic), RecordHeader.Text(DeadLetterHeaders.Partition, $"{partition}"), RecordHeader.Text(DeadLetterHeaders.Offset, $"{offset}"), RecordHeader.Text(DeadLetterHeaders.Group, Group)];

    private async Task<IReadOnlyList<DeadLetter>> LettersAsync(int count, bool includeRedriven = false)
    {
        await Eventually.Is(count, async () => (await ReadAsync(includeRedriven: includeRedriven)).Count);
        return await ReadAsync(includeRedriven: includeRedriven);
    }

    // The topic comes to be with the endpoint's start.
    private async Task<IReadOnlyList<DeadLetter>> ReadAsync(RecordQuery? query = null, int limit = 100, bool includeRedriven = false)
    {
        await Eventually.Is(true, async () => (await Operations.ListAsync(Ct)).Any(topic => topic.Topic == Letters));
        return await Operations.ReadAsync(Letters, query, limit, includeRedriven, Ct).ToListAsync(Ct);
    }

    private async Task<DeadLetterTopic> ListedAsync(long open)
    {
        await Eventually.Is(open, async () => (await Operations.ListAsync(Ct)).SingleOrDefault(topic => topic.Topic == Letters)?.Open ?? -1);
        return (await Operations.ListAsync(Ct)).Single(topic => topic.Topic == Letters);
    }

    private async Task<RedriveProgress> RedriveAsync(RedrivePlan plan) => await Operations.RedriveAsync(plan, Ct).LastAsync(Ct);

    private static RedriveSelection.Place Place(DeadLetter letter) => new(letter.Record.Partition, letter.Record.Offset);

    private sealed class SameTopic : IEqualityComparer<DeadLetterTopic>
    {
        public bool Equals(DeadLetterTopic? left, DeadLetterTopic? right) => left! with { Reasons = [] } == right! with { Reasons = [] } && left.Reasons.Count == right.Reasons.Count;

        public int GetHashCode(DeadLetterTopic topic) => 0;
    }
}

public sealed class DeadLettersOnGaram(GaramKafka kafka) : DeadLetterTests(kafka);

public sealed class DeadLettersOnApacheKafka(ApacheKafka kafka) : DeadLetterTests(kafka);
