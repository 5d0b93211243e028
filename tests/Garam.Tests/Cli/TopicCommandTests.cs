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
