using System.Diagnostics;
using System.Net;
using Garam.Broker;
using Garam.Operations.Connections;
using Garam.Operations.Topics;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Console.Tests.Overview;

public sealed class BrokerAwayTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_broker_is_away_the_pages_show_what_was_seen_last_and_how_old_it_is()
    {
        var time = new ShiftedTime();
        await using var broker = await KafkaBroker.StartAsync();
        await using var console = await ConsoleServer.StartAsync(broker.BootstrapServers, services: services => services.AddSingleton<TimeProvider>(time));
        await CreateAsync(broker.BootstrapServers, "orders");
        (await console.PageAsync("/console")).ShouldContain(">orders</a>");

        await broker.DisposeAsync();
        time.Shift = TimeSpan.FromMinutes(4);
        var watch = Stopwatch.StartNew();
        var page = await console.PageAsync("/console");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10), "nobody waits for a broker that is away");
        page.ShouldContain(">orders</a>");
        page.ShouldContain("Kafka does not answer: what you see is 4 min old.");
        (await console.PageAsync("/console", "ko")).ShouldContain("Kafka가 응답하지 않습니다. 아래 내용은 4분 전의 상태입니다.");
    }

    [Fact]
    public async Task A_console_starts_without_its_broker_and_says_what_is_wrong()
    {
        await using var console = await ConsoleServer.StartAsync("127.0.0.1:1");
        (await console.PageAsync("/console")).ShouldContain("Kafka");
        using var answer = await console.Http.GetAsync("/console/nothing", Ct);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task CreateAsync(string servers, string topic)
    {
        using var kafka = new KafkaConnection(servers);
        (await new TopicOperations(kafka).CreateAsync([topic], 1, 1, new Dictionary<string, string>(), dryRun: false, Ct)).ShouldAllBe(outcome => outcome.Failure == null);
    }
}
