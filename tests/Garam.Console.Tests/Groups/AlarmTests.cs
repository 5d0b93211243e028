using System.Net;
using Confluent.Kafka;
using Garam.Operations.Connections;
using Garam.Operations.Groups;
using Garam.Operations.Messages;
using Garam.Operations.Topics;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Console.Tests.Groups;

/// <summary>Groups that raise no alarm: muted, below a threshold, or not used for long.</summary>
public sealed class AlarmTests : IAsyncDisposable
{
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("garam-alarms-");
    private ConsoleServer? _server;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _state.Delete(recursive: true);
    }

    [Fact]
    public async Task A_muted_group_raises_no_alarm_until_it_is_unmuted_and_is_shown_as_muted()
    {
        var server = await StartAsync();
        await StopGroupAsync(server, "abandoned", lag: 3);
        await AlarmAsync(server, "abandoned", raises: true);

        (await server.PostAsync("/console/group/alarm?name=abandoned", ("mute", "forever"), ("above", "0"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        await AlarmAsync(server, "abandoned", raises: false);
        (await server.PageAsync("/console")).ShouldContain("1 group is not well and raises no alarm");
        (await server.PageAsync("/console/groups?state=silent")).ShouldContain(">muted</span>");

        (await server.PostAsync("/console/group/alarm?name=abandoned", ("mute", ""), ("above", "0"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        await AlarmAsync(server, "abandoned", raises: true);
    }

    [Theory]
    [InlineData("3", false)]
    [InlineData("2", true)]
    public async Task A_group_raises_an_alarm_only_above_its_threshold(string above, bool raises)
    {
        var server = await StartAsync();
        await StopGroupAsync(server, "thresholded", lag: 3);
        await server.PostAsync("/console/group/alarm?name=thresholded", ("mute", ""), ("above", above));
        await AlarmAsync(server, "thresholded", raises);
    }

    [Fact]
    public async Task A_group_that_was_not_used_for_long_raises_no_alarm_and_says_for_how_long()
    {
        var server = await StartAsync();
        await StopGroupAsync(server, "forgotten", lag: 1, age: TimeSpan.FromDays(8));
        await AlarmAsync(server, "forgotten", raises: false);
        (await server.PageAsync("/console/group?name=forgotten")).ShouldContain("not used for 8 d");
    }

    [Theory]
    [InlineData("soon", "0")]
    [InlineData("", "-1")]
    public async Task A_rule_that_makes_no_sense_is_refused(string mute, string above) =>
        (await (await StartAsync()).PostAsync("/console/group/alarm?name=any", ("mute", mute), ("above", above))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Where_the_rules_are_damaged_every_alarm_is_raised_and_the_overview_says_why()
    {
        var server = await StartAsync();
        await StopGroupAsync(server, "alarmed", lag: 1);
        await server.PostAsync("/console/group/alarm?name=alarmed", ("mute", "forever"), ("above", "0"));
        File.WriteAllText(_state.GetFiles("*.json").Single().FullName, "damaged");
        await server.PostAsync("/console/topics", ("name", "forgets-the-last-look"), ("partitions", "1"));
        await AlarmAsync(server, "alarmed", raises: true);
        (await server.PageAsync("/console")).ShouldContain("The rules for alarms of groups cannot be read");
    }

    private async Task<ConsoleServer> StartAsync() => _server = await ConsoleServer.StartAsync(configure: options => options.AlarmDirectory = _state.FullName);

    // A look may take longer than a page waits for it; the next one shows it. The group itself is listed as soon as the look is there.
    private static Task AlarmAsync(ConsoleServer server, string group, bool raises) => Eventually.Is((true, raises), async () =>
    {
        var page = await server.PageAsync("/console");
        return (page.Contains($"name={group}\"", StringComparison.Ordinal), page.Contains($"{group} has no members", StringComparison.Ordinal));
    });

    private static async Task StopGroupAsync(ConsoleServer server, string group, int lag, TimeSpan age = default)
    {
        var topic = $"of-{group}";
        await server.Services.GetRequiredService<TopicOperations>().CreateAsync([topic], 1, null, new Dictionary<string, string> { ["retention.ms"] = "-1" }, dryRun: false, default);
        var messages = server.Services.GetRequiredService<MessageOperations>();
        var at = (TimeProvider.System.GetUtcNow() - age).ToUnixTimeMilliseconds();
        for (var record = 0; record < lag; record++)
            await messages.ProduceAsync(new NewRecord(topic, null, [1]) { TimestampMs = at });
        await server.Services.GetRequiredService<KafkaConnection>().Admin.AlterConsumerGroupOffsetsAsync(
            [new ConsumerGroupTopicPartitionOffsets(group, [new TopicPartitionOffset(topic, 0, 0)])]);
        // The next page looks again.
        await server.PostAsync("/console/topics", ("name", $"after-{group}"), ("partitions", "1"));
    }
}
