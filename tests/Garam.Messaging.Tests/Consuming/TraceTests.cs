using System.Collections.Concurrent;
using System.Diagnostics;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Failures;
using Garam.Messaging.Producing;
using Garam.Messaging.Tests.Brokers;

namespace Garam.Messaging.Tests.Consuming;

public abstract class TraceTests(TestKafka kafka) : BrokerTests(kafka)
{
    [Fact]
    public async Task A_trace_goes_on_from_the_producer_through_the_handler_to_what_it_produces_and_to_the_dead_letter()
    {
        using var root = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        var trace = root.TraceId;
        Activity.Current = null;
        var finished = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Garam.Messaging",
            // Other tests run beside this one: their records must not get headers because somebody listens.
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Parent.TraceId == trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = finished.Add,
        };
        ActivitySource.AddActivityListener(listener);
        await using var app = TestApp.Create(Kafka.BootstrapServers);
        var (next, letters) = ($"{Topic}-next", $"{Topic}.{Group}.dlt");
        await app.CreateTopicAsync(Topic, partitions: 1);
        await app.CreateTopicAsync(next, partitions: 1);
        app.Map(Group, Topic, async (int number) =>
        {
            await app.Producer.ProduceAsync(ProducerRecord.Json(next, "k", number), default);
            throw new InvalidDataException("after the record went on");
        }).Retry(0, Backoff.Constant(TimeSpan.Zero)).DeadLetter();
        await app.StartAsync();

        Activity.Current = root;
        await app.ProduceAsync(Topic, 1, _ => "k");
        Activity.Current = null;
        await Eventually.Is(1, () => Outside.Committed(Kafka, Group, Topic, 1)[0]);

        var ours = finished.ToDictionary(activity => activity.OperationName);
        ours[$"process {Topic}"].ParentSpanId.ShouldBe(ours[$"send {Topic}"].SpanId);
        ours[$"process {Topic}"].Status.ShouldBe(ActivityStatusCode.Error);
        ours[$"send {next}"].ParentSpanId.ShouldBe(ours[$"process {Topic}"].SpanId);
        var letter = Outside.ReadAll(Kafka, letters, 1).ShouldHaveSingleItem();
        var parents = letter.Message.Headers.Where(header => header.Key == "traceparent").ToList();
        System.Text.Encoding.UTF8.GetString(parents.ShouldHaveSingleItem().GetValueBytes()).ShouldContain(trace.ToHexString());
    }

    [Fact]
    public async Task A_trace_goes_on_where_nobody_collects_spans()
    {
        Activity.Current = null;
        await using var app = TestApp.Create(Kafka.BootstrapServers);
        var next = $"{Topic}-next";
        await app.CreateTopicAsync(Topic, partitions: 1);
        await app.CreateTopicAsync(next, partitions: 1);
        app.Map(Group, Topic, (int number) => app.Producer.ProduceAsync(ProducerRecord.Json(next, "k", number), default));
        await app.StartAsync();

        var trace = ActivityTraceId.CreateRandom().ToHexString();
        await app.Producer.ProduceAsync(ProducerRecord.Json(Topic, "k", 1) with { Headers = [RecordHeader.Text("traceparent", $"00-{trace}-00f067aa0ba902b7-00")] }, default);
        await app.Producer.ProduceAsync(ProducerRecord.Json(Topic, "k", 2), default);
        await Eventually.Is(2, () => Outside.Committed(Kafka, Group, Topic, 1)[0]);

        var records = Outside.ReadAll(Kafka, next, 1);
        System.Text.Encoding.UTF8.GetString(records[0].Message.Headers.GetLastBytes("traceparent")).ShouldContain(trace);
        records[1].Message.Headers.TryGetLastBytes("traceparent", out _).ShouldBeFalse();
    }
}

public sealed class TracesOnGaram(GaramKafka kafka) : TraceTests(kafka);

public sealed class TracesOnApacheKafka(ApacheKafka kafka) : TraceTests(kafka);
