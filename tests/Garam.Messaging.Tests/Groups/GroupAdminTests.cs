using Confluent.Kafka;
using Garam.Messaging.Groups;
using Garam.Messaging.Tests.Brokers;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Messaging.Tests.Groups;

public abstract class GroupAdminTests(TestKafka kafka) : BrokerTests(kafka)
{
    [Fact]
    public async Task A_group_that_does_not_exist_has_nothing_to_forget()
    {
        await using var app = TestApp.Create(Kafka.BootstrapServers);
        await Admin(app).ForgetOffsetsAsync(Group, default);
    }

    [Fact]
    public async Task A_group_forgets_its_offsets_once_its_crashed_member_is_given_up()
    {
        await using var app = TestApp.Create(Kafka.BootstrapServers);
        await app.CreateTopicAsync(Topic, partitions: 1);
        await app.ProduceAsync(Topic, 3, _ => "key");
        ReadAllAndCrash();

        await Admin(app).ForgetOffsetsAsync(Group, default);

        Outside.Committed(Kafka, Group, Topic, partitions: 1).ShouldBe([Offset.Unset.Value]);
    }

    private static IGroupAdmin Admin(TestApp app) => app.Services.GetRequiredService<IGroupAdmin>();

    /// <summary>Without Close the client goes without leaving the group, as a process does that is killed.</summary>
    private void ReadAllAndCrash()
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = Kafka.BootstrapServers,
            GroupId = Group,
            SessionTimeoutMs = 6_000,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
        }).Build();
        consumer.Subscribe(Topic);
        for (var read = 0; read < 3; read++)
        {
            consumer.Commit(consumer.Consume(TimeSpan.FromSeconds(30)).ShouldNotBeNull());
        }
    }
}

public sealed class GroupAdminOnGaram(GaramKafka kafka) : GroupAdminTests(kafka);

public sealed class GroupAdminOnApacheKafka(ApacheKafka kafka) : GroupAdminTests(kafka);
