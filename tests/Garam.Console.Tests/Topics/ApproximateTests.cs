using System.Text.RegularExpressions;
using Confluent.Kafka;
using Garam.Operations.Connections;
using Garam.Operations.Messages;
using Garam.Operations.Topics;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Console.Tests.Topics;

/// <summary>Numbers that are counted in offsets say so wherever they are shown: a compacted topic may hold fewer records.</summary>
public sealed partial class ApproximateTests(SharedConsole console) : IClassFixture<SharedConsole>, IAsyncLifetime
{
    private const string Why = "counted in offsets, and the topic is compacted";

    private readonly string _topic = $"compacted-{Guid.NewGuid():N}";
    private readonly string _group = $"readers-{Guid.NewGuid():N}";

    private ConsoleServer Server => console.Server;

    public async ValueTask InitializeAsync()
    {
        await Server.Services.GetRequiredService<TopicOperations>().CreateAsync([_topic], 1, 1, new Dictionary<string, string> { ["cleanup.policy"] = "compact,delete" }, dryRun: false, default);
        var messages = Server.Services.GetRequiredService<MessageOperations>();
        for (var number = 0; number < 5; number++)
            await messages.ProduceAsync(new NewRecord(_topic, [1], [(byte)number]));
        var kafka = Server.Services.GetRequiredService<KafkaConnection>();
        using var consumer = new ConsumerBuilder<byte[], byte[]>(kafka.Configure(new ConsumerConfig { GroupId = _group, EnableAutoCommit = false })).Build();
        consumer.Commit([new TopicPartitionOffset(_topic, 0, 2)]);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_lag_says_why_it_is_approximate_and_where_it_is_counted_exactly()
    {
        var page = await Server.PageAsync($"/console/group?name={_group}");
        page.ShouldContain("≈ 3");
        page.ShouldContain(Why);
        page.ShouldContain($"href=\"/console/topics/{_topic}/count?group={_group}\"");

        var counted = await Server.PageAsync($"/console/topics/{_topic}/count?group={_group}");
        counted.ShouldContain($"Records that {_group} has not read, counted");
        counted.ShouldContain($"garam topic count {_topic} --group {_group}");
        FirstCount().Match(counted).Groups[1].Value.ShouldBe("3");
    }

    [Theory]
    [InlineData("/console")]
    [InlineData("/console/groups")]
    [InlineData("/console/topics")]
    public async Task Lists_say_it_too(string path)
    {
        var cell = $"title=\"{Why}\">≈ 3";
        for (var page = ""; !page.Contains(cell, StringComparison.Ordinal);)
            page = await Server.PageAsync(path);
        (await Server.PageAsync(path, "ko")).ShouldContain("오프셋 기준 값이며, 컴팩션 토픽이므로");
    }

    [Fact]
    public async Task The_previews_of_a_clear_and_of_a_deletion_say_it_too()
    {
        var clear = await Server.PageAsync($"/console/topics/{_topic}/clear");
        clear.ShouldContain($"title=\"{Why}\">≈ 5");
        clear.ShouldContain($"href=\"/console/topics/{_topic}/count\"");
        using var delete = await Server.PostAsync("/console/topics/selected/plan", ("action", "delete"), ("topic", _topic));
        (await delete.Content.ReadAsStringAsync()).ShouldContain($"title=\"{Why}\">≈ 5");
    }

    [GeneratedRegex(@"<span class=""count""[^>]*>([^<]*)</span>")]
    private static partial Regex FirstCount();
}
