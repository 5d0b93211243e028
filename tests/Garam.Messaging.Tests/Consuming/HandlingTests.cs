using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Failures;
using Garam.Messaging.Health;
using Garam.Messaging.Producing;
using Garam.Messaging.Tests.Brokers;
using Garam.Messaging.Topics;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Messaging.Tests.Consuming;

public abstract class HandlingTests(TestKafka kafka) : BrokerTests(kafka)
{
    private static readonly Backoff Soon = Backoff.Constant(TimeSpan.FromMilliseconds(20));

    [Fact]
    public async Task Every_record_is_handled_and_what_is_committed_at_the_stop_is_the_end_of_the_log()
    {
        var handled = new ConcurrentBag<int>();
        await using (var app = TestApp.Create(Kafka.BootstrapServers))
        {
            await app.CreateTopicAsync(Topic, partitions: 3);
            app.Map(Group, Topic, (int number) => handled.Add(number)).WithConcurrency(4);
            await app.StartAsync();
            await app.ProduceAsync(Topic, 2_000, number => number % 10 == 0 ? null : $"key-{number % 50}");
            await Eventually.Is(2_000, () => handled.Count);
        }

        handled.Order().ShouldBe(Enumerable.Range(0, 2_000));
        Outside.Committed(Kafka, Group, Topic, 3).ShouldBe(Outside.Ends(Kafka, Topic, 3));
        (await Outside.MembersAsync(Kafka, Group)).ShouldBe(0);
    }

    [Fact]
    public async Task Finished_work_is_committed_while_the_member_goes_on()
    {
        await using var app = TestApp.Create(Kafka.BootstrapServers);
        await app.CreateTopicAsync(Topic, partitions: 1);
        app.Map(Group, Topic, (int number) => { });
        await app.StartAsync();
        await app.ProduceAsync(Topic, 100, _ => "key");
        await Eventually.Is(100, () => Outside.Committed(Kafka, Group, Topic, 1)[0]);
    }

    [Fact]
    public async Task A_group_waits_for_a_topic_that_is_missing_and_says_so_and_reads_it_when_it_is_there()
    {
        var handled = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = TestApp.Create(Kafka.BootstrapServers);
        app.Map(Group, Topic, (int number) => handled.TrySetResult(number));
        await app.StartAsync();
        await Eventually.True(() => app.Problems is [{ Severity: ProblemSeverity.Degraded } problem] && problem.Message.Contains(Topic));

        await app.CreateTopicAsync(Topic, partitions: 1);
        await app.ProduceAsync(Topic, 1, _ => "key");
        (await handled.Task.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe(0);
        app.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_poison_pill_is_dead_lettered_unchanged_and_delays_no_other_key()
    {
        var handled = new ConcurrentBag<int>();
        var attempts = 0;
        await using var app = TestApp.Create(Kafka.BootstrapServers);
        await app.CreateTopicAsync(Topic, partitions: 3);
        app.Map(Group, Topic, (int number) =>
        {
            if (number == 13)
            {
                Interlocked.Increment(ref attempts);
                throw new InvalidDataException("thirteen");
            }

            handled.Add(number);
        }).Retry(2, Soon).DeadLetter();

        var time = new DateTimeOffset(2021, 1, 2, 3, 4, 5, 6, TimeSpan.Zero);
        var poison = new ProducerRecord(Topic, "k"u8.ToArray(), new byte[] { 0xff, 0x00, 0xfe })
        {
            Partition = 2,
            Timestamp = time,
            Headers = [RecordHeader.Text("tenant", "가람"), new RecordHeader("empty", Array.Empty<byte>()), new RecordHeader("none", null)],
        };
        var source = await app.Producer.ProduceAsync(poison, default);
        await app.ProduceAsync(Topic, 100, number => $"key-{number}");
        await app.StartAsync();

        await Eventually.Is(99, () => handled.Count);
        await Eventually.Is(2, () => Outside.ReadAll(Kafka, $"{Topic}.{Group}.dlt", 3).Count);
        attempts.ShouldBe(3);
        var letters = Outside.ReadAll(Kafka, $"{Topic}.{Group}.dlt", 3).ToDictionary(letter => Encoding.UTF8.GetString(letter.Message.Key!));
        var letter = letters["k"];
        letter.Partition.Value.ShouldBe(2);
        letter.Message.Value.ShouldBe([0xff, 0x00, 0xfe]);
        letter.Message.Timestamp.UtcDateTime.ShouldBe(time.UtcDateTime);
        letter.Message.Headers.Take(3).Select(header => (header.Key, header.GetValueBytes()?.Length)).ShouldBe([("tenant", 6), ("empty", 0), ("none", null)]);
        var added = letter.Message.Headers.Skip(3).ToDictionary(header => header.Key, header => Encoding.UTF8.GetString(header.GetValueBytes()));
        added.Keys.ShouldBe(
        [
            DeadLetterHeaders.Topic, DeadLetterHeaders.Partition, DeadLetterHeaders.Offset, DeadLetterHeaders.Group,
            DeadLetterHeaders.Attempts, DeadLetterHeaders.Exception, DeadLetterHeaders.Message, DeadLetterHeaders.At, DeadLetterHeaders.Stack,
        ]);
        (added[DeadLetterHeaders.Topic], added[DeadLetterHeaders.Offset], added[DeadLetterHeaders.Attempts]).ShouldBe((Topic, $"{source.Offset}", "1"));
        added[DeadLetterHeaders.Exception].ShouldBe(typeof(UndecodableRecordException).FullName);
        letters["key-13"].Message.Headers.Single(header => header.Key == DeadLetterHeaders.Attempts).GetValueBytes().ShouldBe("3"u8.ToArray());
    }

    [Fact]
    public async Task What_its_source_could_hold_a_dead_letter_topic_can_hold_and_keeps_until_somebody_deletes_it()
    {
        await using var app = TestApp.Create(Kafka.BootstrapServers);
        var admin = app.Services.GetRequiredService<ITopicAdmin>();
        await admin.EnsureTopicsAsync([new TopicDefinition(Topic, 1, new Dictionary<string, string> { ["max.message.bytes"] = "3000000" })], default);
        app.Map(Group, Topic, void (ReadOnlyMemory<byte> value) => throw new InvalidDataException("too much")).Retry(0, Soon).DeadLetter();
        await app.Producer.ProduceAsync(new ProducerRecord(Topic, null, new byte[2_999_800]), default);
        await app.StartAsync();
        await Eventually.Is(1, () => Outside.Committed(Kafka, Group, Topic, 1)[0]);
        var letter = Outside.ReadAll(Kafka, $"{Topic}.{Group}.dlt", 1).Single().Message;
        letter.Value!.Length.ShouldBe(2_999_800);
        letter.Headers.Select(header => header.Key).ShouldContain(DeadLetterHeaders.Stack);
        var configs = await Outside.ConfigsAsync(Kafka, $"{Topic}.{Group}.dlt");
        (configs["retention.ms"], configs["cleanup.policy"]).ShouldBe(("-1", "delete"));
    }

    [Fact]
    public async Task A_letter_that_has_no_room_for_the_stack_is_written_without_it()
    {
        await using var app = TestApp.Create(Kafka.BootstrapServers);
        await app.CreateTopicAsync(Topic, partitions: 1);
        await app.CreateTopicAsync($"{Topic}.{Group}.dlt", partitions: 1);
        var noise = Convert.ToBase64String(RandomNumberGenerator.GetBytes(20_000));          // letters are compressed
        app.Map(Group, Topic, void (ReadOnlyMemory<byte> value) => throw new InvalidDataException(noise)).Retry(0, Soon).DeadLetter();
        await app.Producer.ProduceAsync(new ProducerRecord(Topic, null, RandomNumberGenerator.GetBytes(1_046_000)), default);
        await app.StartAsync();
        await Eventually.Is(1, () => Outside.Committed(Kafka, Group, Topic, 1)[0]);
        var letter = Outside.ReadAll(Kafka, $"{Topic}.{Group}.dlt", 1).Single().Message;
        letter.Value!.Length.ShouldBe(1_046_000);
        letter.Headers.Select(header => header.Key).ShouldContain(DeadLetterHeaders.Message);
        letter.Headers.Select(header => header.Key).ShouldNotContain(DeadLetterHeaders.Stack);
    }

    [Fact]
    public async Task Without_dead_letters_the_partition_is_held_and_a_corrected_handler_goes_on_from_there()
    {
        var handled = new ConcurrentBag<int>();
        await using (var app = TestApp.Create(Kafka.BootstrapServers))
        {
            await app.CreateTopicAsync(Topic, partitions: 2);
            app.Map(Group, Topic, (int number) => _ = number == 5 ? throw new InvalidDataException("five") : handled.TryTake(out _)).Retry(1, Soon);
            foreach (var partition in (int[])[0, 1])
            {
                for (var number = 0; number < 10; number++)
                {
                    await app.Producer.ProduceAsync(ProducerRecord.Json(Topic, null, partition == 0 ? number : number + 100) with { Partition = partition }, default);
                }
            }

            await app.StartAsync();
            await Eventually.Is(10, () => Outside.Committed(Kafka, Group, Topic, 2)[1]);
            await Eventually.True(() => app.Problems.Any(problem => problem.Severity == ProblemSeverity.Unhealthy && problem.Message.Contains($"{Topic}[0] at offset 5")));
        }

        Outside.Committed(Kafka, Group, Topic, 2).ShouldBe([5, 10]);
        await using var corrected = TestApp.Create(Kafka.BootstrapServers);
        corrected.Map(Group, Topic, (int number) => handled.Add(number));
        await corrected.StartAsync();
        await Eventually.Is(5, () => handled.Count);
        handled.Order().ShouldBe([5, 6, 7, 8, 9]);
    }

    [Fact]
    public async Task At_the_stop_running_handlers_end_and_are_committed_and_no_new_one_begins()
    {
        var begun = new ConcurrentQueue<int>();
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var app = TestApp.Create(Kafka.BootstrapServers);
        await app.CreateTopicAsync(Topic, partitions: 1);
        app.Map(Group, Topic, async (int number) =>
        {
            begun.Enqueue(number);
            await end.Task;
        });
        await app.StartAsync();
        await app.ProduceAsync(Topic, 10, _ => "key");
        await Eventually.Is(1, () => begun.Count);

        var stopping = app.StopAsync();
        stopping.IsCompleted.ShouldBeFalse();
        end.SetResult();
        await stopping;

        begun.ShouldBe([0]);
        Outside.Committed(Kafka, Group, Topic, 1).ShouldBe([1]);
        (await Outside.MembersAsync(Kafka, Group)).ShouldBe(0);
        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_handler_that_outlasts_the_drain_is_cancelled_and_its_record_is_handled_again()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var app = TestApp.Create(Kafka.BootstrapServers, options => options.DrainTimeout = TimeSpan.FromMilliseconds(100));
        await app.CreateTopicAsync(Topic, partitions: 1);
        app.Map(Group, Topic, async (int number, CancellationToken token) =>
        {
            token.Register(() => cancelled.TrySetResult());
            begun.TrySetResult();
            await new TaskCompletionSource().Task.WaitAsync(token);
        });
        await app.StartAsync();
        await app.ProduceAsync(Topic, 1, _ => "key");
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await app.DisposeAsync();
        cancelled.Task.IsCompleted.ShouldBeTrue();

        var again = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var next = TestApp.Create(Kafka.BootstrapServers);
        next.Map(Group, Topic, (int number) => again.TrySetResult(number));
        await next.StartAsync();
        (await again.Task.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe(0);
    }

    [Fact]
    public async Task With_a_stuck_handler_and_an_endless_backlog_what_is_in_memory_stays_bounded_and_nothing_is_dropped()
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handled = 0;
        await using var app = TestApp.Create(Kafka.BootstrapServers, options => options.MaxInFlight = 50);
        await app.CreateTopicAsync(Topic, partitions: 1);
        app.Map(Group, Topic, async (int number) =>
        {
            await end.Task;
            Interlocked.Increment(ref handled);
        });
        using var meters = new Meters(Group);
        await app.ProduceAsync(Topic, 1_000, _ => "key");
        await app.StartAsync();
        await Eventually.Is(1, () => meters.Gauge("garam.messaging.paused"));
        meters.Gauge("garam.messaging.in_flight").ShouldBe(50);

        end.SetResult();
        await Eventually.Is(1_000, () => Volatile.Read(ref handled));
        await Eventually.Is(0, () => meters.Gauge("garam.messaging.lag"));
        await Eventually.Is(0, () => meters.Gauge("garam.messaging.in_flight"));
        meters.Counter("garam.messaging.handled").ShouldBe(1_000);
    }

    [Fact]
    public async Task A_handler_that_runs_longer_than_the_poll_interval_does_not_cost_its_member_the_partition()
    {
        var begun = new ConcurrentQueue<DateTimeOffset>();
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = TestApp.Create(Kafka.BootstrapServers, options => options.Configuration["max.poll.interval.ms"] = "6000");
        await app.CreateTopicAsync(Topic, partitions: 1);
        app.Map(Group, Topic, async (int number) =>
        {
            begun.Enqueue(DateTimeOffset.UtcNow);
            await end.Task;
        });
        await app.StartAsync();
        await app.ProduceAsync(Topic, 2, _ => "key");
        await Eventually.True(() => begun.TryPeek(out var time) && DateTimeOffset.UtcNow - time > TimeSpan.FromSeconds(8));
        (await Outside.MembersAsync(Kafka, Group)).ShouldBe(1);
        end.SetResult();
        await Eventually.Is(2, () => Outside.Committed(Kafka, Group, Topic, 1)[0]);
        begun.Count.ShouldBe(2);
    }
}

public sealed class HandlingOnGaram(GaramKafka kafka) : HandlingTests(kafka);

public sealed class HandlingOnApacheKafka(ApacheKafka kafka) : HandlingTests(kafka);
