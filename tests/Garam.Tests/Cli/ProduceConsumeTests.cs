namespace Garam.Tests.Cli;

public sealed class ProduceConsumeTests(Broker broker) : IClassFixture<Broker>
{
    [Fact]
    public async Task Lines_become_records_and_come_back_by_kcats_letters()
    {
        await CreateAsync("letters");
        (await ProduceAsync("k1:v1\nk2:안녕\nalone\n", "letters", "-K", ":", "-H", "from=test")).ShouldExitWith(0).Out.ShouldBeEmpty();
        var consumed = await ConsumeAsync("letters", "--exit", "-f", @"%t[%p]@%o %K:%k %S:%s %h\n");
        consumed.Lines.ShouldBe(["letters[0]@0 2:k1 2:v1 from=test", "letters[0]@1 2:k2 6:안녕 from=test", "letters[0]@2 -1: 5:alone from=test"]);
    }

    [Fact]
    public async Task What_consume_writes_produce_takes_back_without_loss()
    {
        await CreateAsync("original", "copy");
        const string records = """
            {"key":"k","value":"가람","timestamp":1700000000123,"headers":[{"key":"h","value":"1"},{"key":"h","valueB64":"/w=="},{"key":"empty"}]}
            {"keyB64":"/v8=","valueB64":"AAH/"}
            {"key":"tombstone"}
            {"key":"","value":""}
            """;
        (await ProduceAsync(records, "original", "-i", "ndjson")).ShouldExitWith(0);
        var original = await ConsumeAsync("original", "--exit");
        (await ProduceAsync(original.Out, "copy", "-i", "ndjson")).ShouldExitWith(0);

        var copy = await ConsumeAsync("copy", "--exit");
        copy.Out.ShouldBe(original.Out.Replace("\"topic\":\"original\"", "\"topic\":\"copy\""));
        copy.Lines.Length.ShouldBe(4);
        copy.Lines[0].ShouldContain("\"timestamp\":1700000000123");
        copy.Lines[0].ShouldContain("""{"key":"h","valueB64":"/w=="},{"key":"empty"}""");
        copy.Lines[2].ShouldEndWith("\"key\":\"tombstone\"}");
    }

    [Fact]
    public async Task A_line_that_is_no_record_is_named_by_its_number()
    {
        await CreateAsync("strict");
        (await ProduceAsync("{\"value\":\"1\"}\n{\"valeu\":\"2\"}\n", "strict", "-i", "ndjson")).ShouldExitWith(1).Error.ShouldContain("line 2");
    }

    [Fact]
    public async Task A_line_that_the_broker_refuses_is_named_by_its_number()
    {
        (await GaramCli.RunAsync("topic", "create", "small", "--partitions", "2", "--config", "max.message.bytes=1000", "-b", broker.Address)).ShouldExitWith(0);
        var refused = await ProduceAsync(
            $$"""
            {"partition": 0, "value": "fits"}
            {"partition": 1, "value": "{{new string('x', 5_000)}}"}
            """,
            "small", "-i", "ndjson", "--keep-partitions");
        refused.ExitCode.ShouldNotBe(0);
        refused.Error.ShouldContain("1 failed, the first at line 2:");
    }

    [Fact]
    public async Task Reading_begins_where_it_is_told()
    {
        await CreateAsync("begins");
        await ProduceAsync("a\nb\nc\n", "begins");
        (await ConsumeAsync("begins", "--exit", "-f", "%s", "-O", "1")).Out.ShouldBe("bc");
        (await ConsumeAsync("begins", "--exit", "-f", "%s", "-O", "-1")).Out.ShouldBe("c");
        (await ConsumeAsync("begins", "--exit", "-f", "%s", "-O", "end")).Out.ShouldBeEmpty();
        (await ConsumeAsync("begins", "--exit", "-f", "%s", "-O", "@0")).Out.ShouldBe("abc");
        (await ConsumeAsync("begins", "--exit", "-f", "%s", "-O", "@2100-01-01")).Out.ShouldBeEmpty();
        (await ConsumeAsync("begins", "-n", "2", "-f", "%s")).Out.ShouldBe("ab");
    }

    [Fact]
    public async Task An_offset_that_the_topic_does_not_have_is_not_replaced_in_silence()
    {
        await CreateAsync("bounded");
        await ProduceAsync("a\nb\nc\n", "bounded");
        var beyond = await GaramCli.RunAsync("consume", "bounded", "--exit", "-f", "%s", "-O", "4", "-b", broker.Address);
        beyond.ShouldExitWith(2).Out.ShouldBeEmpty();
        beyond.Error.ShouldContain("offset 4 is after the end (3)");
        (await ConsumeAsync("bounded", "--exit", "-f", "%s", "-O", "3")).ShouldExitWith(0).Out.ShouldBeEmpty();

        (await GaramCli.RunAsync("topic", "clear", "bounded", "--before", "2", "--yes", "-b", broker.Address)).ShouldExitWith(0);
        var before = await ConsumeAsync("bounded", "--exit", "-f", "%s", "-O", "0");
        before.ShouldExitWith(0).Out.ShouldBe("c");
        before.Error.ShouldContain("offset 0 is before the start (2): up to 2 records gone");
    }

    [Fact]
    public async Task A_group_goes_on_where_it_was_and_its_lag_is_shown()
    {
        await CreateAsync("shared");
        await ProduceAsync("1\n2\n3\n", "shared");
        (await ConsumeAsync("shared", "-g", "readers", "-n", "2", "-f", "%s")).Out.ShouldBe("12");
        var lag = (await GaramCli.RunAsync("group", "describe", "readers", "-o", "ndjson", "-b", broker.Address)).ShouldExitWith(0);
        System.Text.Json.JsonDocument.Parse(lag.Out).RootElement.GetProperty("lag").GetInt64().ShouldBe(1);
        (await ConsumeAsync("shared", "-g", "readers", "--exit", "-f", "%s")).Out.ShouldBe("3");
        (await GaramCli.RunAsync("group", "list", "-b", broker.Address)).ShouldExitWith(0).Out.ShouldContain("readers");
        (await GaramCli.RunAsync("group", "describe", "strangers", "-b", broker.Address)).ShouldExitWith(3);
    }

    [Fact]
    public async Task A_count_that_is_not_reached_in_time_is_an_error_and_an_idle_end_is_not()
    {
        await CreateAsync("idle");
        await ProduceAsync("1\n", "idle");
        (await GaramCli.RunAsync("consume", "idle", "-n", "2", "--timeout", "2s", "-b", broker.Address)).ShouldExitWith(6).Lines.Length.ShouldBe(1);
        (await GaramCli.RunAsync("consume", "idle", "--timeout", "2s", "-b", broker.Address)).ShouldExitWith(0);
        (await GaramCli.RunAsync("consume", "absent", "-b", broker.Address)).ShouldExitWith(3);
    }

    [Fact]
    public async Task Ctrl_C_ends_a_tail_at_once()
    {
        await CreateAsync("tail");
        await ProduceAsync("first\n", "tail");
        using var tail = GaramCli.Start("consume", "tail", "-f", @"%s\n", "-b", broker.Address);
        (await tail.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("first", "each record is flushed when the stream pauses");
        tail.Interrupt();
        (await GaramCli.FinishAsync(tail)).ShouldExitWith(130);
    }

    [Fact]
    public async Task A_reader_that_goes_away_ends_the_stream_quietly()
    {
        await CreateAsync("pipe");
        await ProduceAsync(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"record number {i}\n")), "pipe");
        using var consume = GaramCli.Start("consume", "pipe", "-b", broker.Address);
        await consume.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        consume.StandardOutput.Close();
        consume.StandardInput.Close();
        await consume.WaitForExitAsync(TestContext.Current.CancellationToken);
        consume.ExitCode.ShouldBe(0);
        (await consume.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    private async Task CreateAsync(params string[] topics) => (await GaramCli.RunAsync(["topic", "create", .. topics, "-b", broker.Address])).ShouldExitWith(0);

    private Task<GaramCli.Result> ProduceAsync(string input, params string[] arguments) => GaramCli.RunAsync(input, ["produce", .. arguments, "-b", broker.Address]);

    private async Task<GaramCli.Result> ConsumeAsync(params string[] arguments) => (await GaramCli.RunAsync(["consume", .. arguments, "-b", broker.Address])).ShouldExitWith(0);
}
