using Garam.Messaging.Failures;
using Garam.Messaging.Health;
using Garam.Messaging.Producing;
using Garam.Messaging.Tests.Brokers;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Messaging.Tests.Health;

public abstract class EndpointStatesTests(TestKafka kafka) : BrokerTests(kafka)
{
    private static readonly Backoff Soon = Backoff.Constant(TimeSpan.FromMilliseconds(20));

    [Fact]
    public async Task An_endpoint_says_what_it_has_done_and_what_failed_last()
    {
        await using var app = TestApp.Create(Kafka.BootstrapServers);
        await app.CreateTopicAsync(Topic, partitions: 2);
        app.Map(Group, Topic, (int number) => _ = number == 13 ? throw new InvalidDataException("thirteen") : number).Retry(2, Soon).DeadLetter();
        State(app).ShouldBeNull("nothing is read before the host has started");
        await app.StartAsync();
        var records = await app.ProduceAsync(Topic, 20, _ => "one key, one partition");

        await Eventually.Is(20, () => State(app)!.Handled + State(app)!.DeadLettered);
        var state = State(app)!;
        (state.Group, state.Topic, state.DeadLetterTopic).ShouldBe((Group, Topic, $"{Topic}.{Group}.dlt"));
        (state.Handled, state.Failed, state.Retried, state.DeadLettered, state.WaitingFor).ShouldBe((19, 3, 2, 1, null));
        var failure = state.LastFailure.ShouldNotBeNull();
        (failure.Exception, failure.Message, failure.Record, failure.Attempt).ShouldBe((typeof(InvalidDataException).FullName, "thirteen", records[13], 3));
        await Eventually.Is(20, () => State(app)!.Partitions.Single(partition => partition.Partition == records[0].Partition).Committed ?? 0);
        await Eventually.Is((0L, 0L), () => (State(app)!.InFlight, State(app)!.Lag));
        State(app)!.Partitions.Select(partition => (partition.Partition, partition.State, partition.Why))
            .ShouldBe([(0, PartitionActivity.Running, null), (1, PartitionActivity.Running, null)]);
    }

    [Fact]
    public async Task An_endpoint_whose_topic_is_missing_says_what_it_waits_for()
    {
        await using var app = TestApp.Create(Kafka.BootstrapServers);
        app.Map(Group, Topic, (int number) => { });
        await app.StartAsync();
        await Eventually.True(() => State(app) is { WaitingFor: { } reason, Partitions: [] } && reason.Contains(Topic));
        await app.CreateTopicAsync(Topic, partitions: 1);
        await Eventually.True(() => State(app) is { WaitingFor: null, Partitions: [_] });
    }

    [Fact]
    public async Task A_partition_that_waits_for_a_dependency_says_so_and_not_that_it_is_paused()
    {
        var isAway = true;
        await using var app = TestApp.Create(Kafka.BootstrapServers, options => options.MaxInFlight = 5);
        await app.CreateTopicAsync(Topic, partitions: 1);
        app.Map(Group, Topic, (int number) => _ = Volatile.Read(ref isAway) ? throw new TimeoutException("the database sleeps") : number);
        await app.ProduceAsync(Topic, 20, _ => "key");
        await app.StartAsync();

        await Eventually.True(() => Only(app) is { State: PartitionActivity.Waiting, InFlight: 5 } partition && partition.Why!.Contains("the database sleeps"));
        Volatile.Write(ref isAway, false);
        await Eventually.Is(20, () => State(app)!.Handled);
        await Eventually.Is(PartitionActivity.Running, () => Only(app)!.State);
    }

    [Fact]
    public async Task A_partition_that_has_read_enough_is_paused()
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = TestApp.Create(Kafka.BootstrapServers, options => options.MaxInFlight = 5);
        await app.CreateTopicAsync(Topic, partitions: 1);
        app.Map(Group, Topic, (int number) => end.Task);
        await app.ProduceAsync(Topic, 20, _ => "key");
        await app.StartAsync();
        await Eventually.True(() => Only(app) is { State: PartitionActivity.Paused } partition && partition.Why!.StartsWith("5 records", StringComparison.Ordinal));
        await Eventually.Is(20, () => State(app)!.Lag);
        end.SetResult();
        await Eventually.Is(PartitionActivity.Running, () => Only(app)!.State);
    }

    [Fact]
    public async Task A_partition_that_is_held_says_at_what()
    {
        await using var app = TestApp.Create(Kafka.BootstrapServers);
        await app.CreateTopicAsync(Topic, partitions: 1);
        app.Map(Group, Topic, (int number) => _ = number == 1 ? throw new InvalidDataException("one") : number).Retry(0, Soon);
        await app.ProduceAsync(Topic, 3, _ => "key");
        await app.StartAsync();
        await Eventually.True(() => Only(app) is { State: PartitionActivity.Held } partition && partition.Why!.Contains($"{Topic}[0] at offset 1"));
        State(app)!.DeadLetterTopic.ShouldBeNull();
    }

    private EndpointState? State(TestApp app) => app.Services.GetRequiredService<EndpointStates>().All().SingleOrDefault(state => state.Group == Group);

    private PartitionState? Only(TestApp app) => State(app)?.Partitions.SingleOrDefault();
}

public sealed class EndpointStatesOnGaram(GaramKafka kafka) : EndpointStatesTests(kafka);

public sealed class EndpointStatesOnApacheKafka(ApacheKafka kafka) : EndpointStatesTests(kafka);
