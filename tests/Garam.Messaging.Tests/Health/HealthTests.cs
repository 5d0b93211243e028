using System.Collections.Concurrent;
using Confluent.Kafka;
using Garam.Broker;
using Garam.Messaging.Failures;
using Garam.Messaging.Health;
using Garam.Messaging.Tests.Brokers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Garam.Messaging.Tests.Health;

/// <summary>What health says when nothing throws and yet no work is done.</summary>
public sealed class HealthTests(GaramKafka kafka) : BrokerTests(kafka)
{
    [Fact]
    public async Task A_broker_that_has_gone_is_reported()
    {
        var broker = await KafkaBroker.StartAsync();
        await using var app = TestApp.Create(broker.BootstrapServers, options => options.DrainTimeout = TimeSpan.FromSeconds(1));
        await app.StartAsync();
        app.Problems.ShouldBeEmpty();
        await broker.DisposeAsync();
        await Eventually.True(() => app.Problems.Any(problem => problem.Text.StartsWith($"No contact with Kafka at {broker.BootstrapServers}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_group_that_is_held_by_another_assignor_is_reported()
    {
        await using var app = TestApp.Create(Kafka.BootstrapServers);
        await app.CreateTopicAsync(Topic, partitions: 2);
        using var foreign = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = Kafka.BootstrapServers,
            GroupId = Group,
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.Range,
        }).Build();
        foreign.Subscribe(Topic);
        await Eventually.True(() =>
        {
            foreign.Consume(TimeSpan.FromMilliseconds(100));
            return foreign.Assignment.Count == 2;
        });

        app.Map(Group, Topic, (int number) => { });
        await app.StartAsync();
        await Eventually.True(() =>
        {
            foreign.Consume(TimeSpan.FromMilliseconds(100));
            return app.Problems.Any(problem => problem.Text.StartsWith($"{Group}: The group has given this process no assignment", StringComparison.Ordinal));
        });
        foreign.Close();
        await Eventually.True(() => app.Problems.Count == 0);
    }

    [Fact]
    public async Task An_instance_id_that_is_used_twice_is_reported()
    {
        await using var first = TestApp.Create(Kafka.BootstrapServers, options => options.InstanceId = "same");
        await first.CreateTopicAsync(Topic, partitions: 1);
        first.Map(Group, Topic, (int number) => { });
        await first.StartAsync();
        await Eventually.Is("same", async () => string.Join(",", await Outside.OwnersAsync(Kafka, Group)));

        await using var second = TestApp.Create(Kafka.BootstrapServers, options => options.InstanceId = "same");
        second.Map(Group, Topic, (int number) => { });
        await second.StartAsync();
        await Eventually.True(() => first.Problems.Any(problem => problem is { Severity: ProblemSeverity.Unhealthy } && problem.Message.Contains("uses the instance id 'same'")));
    }

    [Fact]
    public async Task A_handler_that_does_not_end_is_reported_until_it_does()
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = TestApp.Create(Kafka.BootstrapServers, options => options.SlowHandler = TimeSpan.FromSeconds(1));
        await app.CreateTopicAsync(Topic, partitions: 1);
        app.Map(Group, Topic, (int number) => end.Task);
        await app.StartAsync();
        await app.ProduceAsync(Topic, 1, _ => "key");
        await Eventually.True(() => app.Problems is [{ Severity: ProblemSeverity.Degraded } problem] && problem.Message.Contains($"{Topic}[0] at offset 0: its handler has been running"));
        end.SetResult();
        await Eventually.True(() => app.Problems.Count == 0);
    }

    [Fact]
    public async Task Records_that_are_all_given_up_are_reported_until_one_is_handled()
    {
        await using var app = TestApp.Create(Kafka.BootstrapServers);
        await app.CreateTopicAsync(Topic, partitions: 1);
        app.Map(Group, Topic, (int number) =>
        {
            if (number < 12)
            {
                throw new FormatException("wrong deployment");
            }
        }).Unless<FormatException>().DeadLetter();
        await app.StartAsync();
        await app.ProduceAsync(Topic, 12, _ => "key");
        await Eventually.True(() => app.Problems is [var problem] && problem.Message.StartsWith("The last 12 records") && problem.Message.Contains("wrong deployment"));
        await app.ProduceAsync(Topic, 13, _ => "key");
        await Eventually.True(() => app.Problems.Count == 0);
    }

    [Fact]
    public async Task A_service_that_cannot_be_constructed_holds_records_instead_of_giving_them_up()
    {
        var handled = new ConcurrentBag<int>();
        var licence = new Licence();
        await using var app = TestApp.Create(Kafka.BootstrapServers, services: services => services.AddSingleton(licence).AddScoped<Licensed>());
        await app.CreateTopicAsync(Topic, partitions: 1);
        app.Map(Group, Topic, (int number, Licensed service) => handled.Add(number)).Retry(0, Backoff.Constant(TimeSpan.Zero)).DeadLetter();
        await app.StartAsync();
        await app.ProduceAsync(Topic, 20, _ => "key");
        await Eventually.True(() => app.Problems.Any(problem => problem.Message.Contains("'Licensed service' cannot be constructed: no licence")));

        licence.IsValid = true;
        await Eventually.Is(20, () => handled.Count);
        app.Services.GetRequiredService<EndpointStates>().All()[0].DeadLettered.ShouldBe(0);
    }

    [Fact]
    public async Task Health_checks_say_every_problem_and_how_bad_the_worst_is()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddMessaging(options => options.BootstrapServers = "none:1");
        services.AddHealthChecks().AddMessaging();
        await using var provider = services.BuildServiceProvider();
        var checks = provider.GetRequiredService<HealthCheckService>();
        (await checks.CheckHealthAsync()).Status.ShouldBe(HealthStatus.Healthy);

        var health = provider.GetRequiredService<MessagingHealth>();
        health.Watch(() => [new(ProblemSeverity.Degraded, null, "No contact."), new(ProblemSeverity.Degraded, "billing", "It waits.")]);
        var degraded = (await checks.CheckHealthAsync()).Entries["messaging"];
        degraded.Status.ShouldBe(HealthStatus.Degraded);
        degraded.Description.ShouldBe("No contact. billing: It waits.");
        degraded.Data.Values.ShouldBe(["No contact.", "billing: It waits."]);

        health.Watch(() => [new(ProblemSeverity.Unhealthy, "billing", "It is held.")]);
        (await checks.CheckHealthAsync()).Status.ShouldBe(HealthStatus.Unhealthy);
    }

    private sealed class Licence
    {
        public volatile bool IsValid;
    }

    private sealed class Licensed
    {
        public Licensed(Licence licence)
        {
            if (!licence.IsValid)
            {
                throw new InvalidOperationException("no licence");
            }
        }
    }
}
