using Confluent.Kafka;
using Garam.Operations.Connections;
using Garam.Operations.Messages;
using Garam.Operations.Topics;

namespace Garam.Tests.Cli;

/// <summary><c>garam group lag</c> as an assertion, and numbers that are counted in offsets.</summary>
public sealed class GroupLagTests(Broker broker) : IClassFixture<Broker>, IDisposable
{
    private readonly KafkaConnection _kafka = new(broker.Address);
    private readonly BashRun _bash = new(broker.Address);
    private readonly string _topic = $"t-{Guid.NewGuid():N}";
    private readonly string _group = $"g-{Guid.NewGuid():N}";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _kafka.Dispose();
        _bash.Dispose();
    }

    [Fact]
    public async Task A_muted_group_is_left_out_of_the_judgement_and_the_answer_says_so()
    {
        await ArrangeAsync("delete");
        await CommitAsync($"{_group}-other", 5);
        (await _bash.RunAsync($"garam group mute {_group}")).ShouldExitWith(0);
        var judged = (await _bash.RunAsync($"garam group lag {_group} {_group}-other --max 1")).ShouldExitWith(0);
        judged.Error.ShouldContain($"1 muted group is left out of the judgement: {_group}. To include it: garam group unmute");
        judged.Out.ShouldContain(_group, customMessage: "it is shown all the same");

        (await _bash.RunAsync($"garam group mute {_group} --above 100")).ShouldExitWith(0);
        (await _bash.RunAsync($"garam group lag {_group} --max 1")).ShouldExitWith(8).Error.ShouldNotContain("muted", customMessage: "the bound of the command line is the threshold");
    }

    [Fact]
    public async Task Numbers_of_a_compacted_topic_say_that_they_are_approximate_and_how_to_count_exactly()
    {
        await ArrangeAsync("compact,delete");
        const string why = "counted in offsets, and the topic is compacted";
        var pasted = new PastedCommand(broker.Address);
        (await pasted.RunAsync($"garam group lag {_group}")).ShouldExitWith(0).Error.ShouldContain($"{_group}: the lag is approximate: {why}");
        var described = (await pasted.RunAsync($"garam group describe {_group}")).ShouldExitWith(0);
        described.Out.ShouldContain("≈ 3 records unread");
        described.Error.ShouldContain($"To count it exactly: garam topic count {_topic} --group {_group}");
        (await pasted.RunAsync($"garam topic count {_topic} --group {_group}")).ShouldExitWith(0).Out.ShouldContain("3 records unread");
        (await pasted.RunAsync($"garam topic clear {_topic} --dry-run")).ShouldExitWith(0).Error.ShouldContain($"{_topic}: ≈ 5 records ({why}; garam topic count counts exactly)");
        (await pasted.RunAsync($"garam topic delete {_topic} --dry-run")).ShouldExitWith(0).Error.ShouldContain($"{_topic}: ≈ 5 records ({why}; garam topic count counts exactly) would go");
    }

    private async Task ArrangeAsync(string policy)
    {
        await new TopicOperations(_kafka).CreateAsync([_topic], 1, 1, new Dictionary<string, string> { ["cleanup.policy"] = policy }, dryRun: false, Ct);
        using var messages = new MessageOperations(_kafka);
        for (var number = 0; number < 5; number++)
            await messages.ProduceAsync(new NewRecord(_topic, [1], [(byte)number]), Ct);
        await CommitAsync(_group, 2);
    }

    private Task CommitAsync(string group, long offset)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(_kafka.Configure(new ConsumerConfig { GroupId = group, EnableAutoCommit = false })).Build();
        consumer.Commit([new TopicPartitionOffset(_topic, 0, offset)]);
        return Task.CompletedTask;
    }
}
