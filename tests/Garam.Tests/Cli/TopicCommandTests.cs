using System.Text.Json;

namespace Garam.Tests.Cli;

public sealed class TopicCommandTests(Broker broker) : IClassFixture<Broker>
{
    [Fact]
    public async Task A_topic_is_created_listed_described_and_deleted()
    {
        (await Garam("create", "orders", "-p", "3", "--config", "retention.ms=86400000")).ShouldExitWith(0).Out.ShouldBeEmpty("stdout is for data");
        var listed = (await Garam("list", "-o", "ndjson")).ShouldExitWith(0).Lines.Single(line => line.Contains("orders"));
        JsonDocument.Parse(listed).RootElement.GetProperty("partitions").GetInt32().ShouldBe(3);

        var described = (await Garam("describe", "orders", "-o", "json")).ShouldExitWith(0);
        var topic = JsonDocument.Parse(described.Out).RootElement[0];
        topic.GetProperty("configs").GetProperty("retention.ms").GetString().ShouldBe("86400000");
        topic.GetProperty("partitions").EnumerateArray().Select(partition => partition.GetProperty("endOffset").GetInt64()).ShouldBe([0, 0, 0]);

        (await Garam("delete", "orders", "--yes")).ShouldExitWith(0);
        (await Garam("describe", "orders")).ShouldExitWith(3).Error.ShouldContain("orders");
    }

    [Fact]
    public async Task A_topic_that_exists_is_a_conflict_unless_it_is_tolerated()
    {
        (await Garam("create", "twice")).ShouldExitWith(0);
        (await Garam("create", "twice")).ShouldExitWith(4);
        (await Garam("create", "twice", "--if-not-exists")).ShouldExitWith(0);
        (await Garam("create", "twice", "once")).ShouldExitWith(7).Error.ShouldContain("once: created");
    }

    [Fact]
    public async Task Nothing_is_deleted_where_nobody_can_be_asked()
    {
        (await Garam("create", "kept")).ShouldExitWith(0);
        (await Garam("delete", "kept")).ShouldExitWith(2).Error.ShouldContain("--yes");
        (await Garam("describe", "kept")).ShouldExitWith(0);
    }

    [Fact]
    public async Task Deleting_what_does_not_exist_is_not_found_unless_it_is_tolerated()
    {
        (await Garam("delete", "nothing", "--yes")).ShouldExitWith(3);
        (await Garam("delete", "nothing", "--yes", "--if-exists")).ShouldExitWith(0);
    }

    [Theory]
    [InlineData("topic", "delete", "__consumer_offsets", "--yes")]
    [InlineData("topic", "clear", "__consumer_offsets", "--yes")]
    [InlineData("topic", "config", "__consumer_offsets", "--set", "retention.ms=1", "--yes")]
    [InlineData("produce", "__consumer_offsets", "--value", "x")]
    public async Task An_internal_topic_is_changed_only_with_the_override(params string[] arguments)
    {
        (await GaramCli.RunAsync("topic", "list", "-b", broker.Address)).ShouldExitWith(0);
        (await GaramCli.RunAsync([.. arguments, "-b", broker.Address])).ShouldExitWith(2).Error.ShouldContain("--allow-internal overrides");
        (await GaramCli.RunAsync([.. arguments, "--allow-internal", "-b", broker.Address])).Error.ShouldNotContain("--allow-internal overrides");
    }

    [Fact]
    public async Task Times_are_UTC_unless_the_local_zone_is_asked_for()
    {
        using var bash = new BashRun(broker.Address);
        (await bash.RunAsync("garam topic create timed && printf '{\"value\":\"x\",\"timestamp\":1771059600123}\\n' | garam produce timed -i ndjson")).ShouldExitWith(0);
        (await bash.RunAsync("garam message show timed 0 0")).ShouldExitWith(0).Out.ShouldContain("2026-02-14T09:00:00.123Z");
        (await bash.RunAsync("TZ=Asia/Seoul garam message show timed 0 0 --local")).ShouldExitWith(0).Out.ShouldContain("2026-02-14T18:00:00.123+09:00");
        (await bash.RunAsync("TZ=Asia/Seoul garam consume timed --exit --local -O '@2026-02-14 18:00:00.123' -f '%o'")).ShouldExitWith(0).Out.ShouldBe("0");
        (await bash.RunAsync("TZ=Asia/Seoul garam consume timed --exit --local -O '@2026-02-14 18:00:00.124' -f '%o'")).ShouldExitWith(0).Out.ShouldBeEmpty();
        (await bash.RunAsync("TZ=Nowhere/City garam message show timed 0 0 --local")).ShouldExitWith(2).Error.ShouldContain("Nowhere/City");
    }

    [Fact]
    public async Task Where_nobody_listens_the_exit_code_says_unreachable_and_the_message_what_to_do()
    {
        var result = (await GaramCli.RunAsync("topic", "list", "-b", "127.0.0.1:1")).ShouldExitWith(6);
        result.Out.ShouldBeEmpty();
        result.Error.ShouldContain("garam up");
    }

    [Theory]
    [InlineData("message")]
    [InlineData("topic", "frobnicate")]
    [InlineData("topic", "create", "x", "--config", "novalue")]
    [InlineData("consume", "x", "-f", "%z")]
    [InlineData("consume", "x", "--timeout", "soon")]
    [InlineData("consume", "x", "-g", "g", "-p", "0")]
    [InlineData("up", "--http", "nowhere")]
    [InlineData("up", "--bootstrap-servers", "a:1", "--kafka", "b:2")]
    public async Task A_wrong_command_line_is_a_usage_error_on_stderr(params string[] arguments)
    {
        var result = (await GaramCli.RunAsync(arguments)).ShouldExitWith(2);
        result.Out.ShouldBeEmpty();
        result.Error.ShouldContain("--help");
    }

    private Task<GaramCli.Result> Garam(params string[] arguments) => GaramCli.RunAsync(["topic", .. arguments, "-b", broker.Address]);
}
