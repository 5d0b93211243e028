using System.Text.Json;
using Garam.Conformance.Brokers;
using Garam.Conformance.Clients;

namespace Garam.Conformance;

/// <summary>What people type: kcat's recipes, with the answers that Apache Kafka gives.</summary>
public abstract class KcatTests(TestedBroker broker)
{
    private readonly string _name = $"kcat-{Guid.NewGuid():n}";

    [Fact]
    public async Task Lists_the_broker_and_a_topic_as_json()
    {
        var (kcat, bootstrap) = await ConnectAsync();
        await Librdkafka.CreateTopicAsync(bootstrap, _name, partitions: 3);

        var listing = JsonDocument.Parse((await kcat.RunAsync($"-L -J -t {_name}")).Output).RootElement;
        var brokers = listing.GetProperty("brokers").EnumerateArray().ToDictionary(
            node => node.GetProperty("id").GetInt32(), node => node.GetProperty("name").GetString());
        brokers.Values.ShouldContain(bootstrap);
        var topic = listing.GetProperty("topics").EnumerateArray().ShouldHaveSingleItem();
        topic.GetProperty("topic").GetString().ShouldBe(_name);
        var partitions = topic.GetProperty("partitions").EnumerateArray().ToList();
        partitions.Select(partition => partition.GetProperty("partition").GetInt32()).ShouldBe([0, 1, 2], ignoreOrder: true);
        partitions.ShouldAllBe(partition => brokers.ContainsKey(partition.GetProperty("leader").GetInt32()));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task Reads_back_what_it_wrote_in_any_compression(string codec)
    {
        var (kcat, _) = await ConnectAsync();
        var lines = Enumerable.Range(0, 200).Select(i => $"키{i}:가람은 강이다 {i}").ToList();

        await kcat.RunAsync($"-P -t {_name} -p 0 -K : -z {codec} -H 나라=kr", string.Join('\n', lines));

        var read = await kcat.RunAsync($"-C -t {_name} -p 0 -o beginning -e -q -f %k:%s|%o|%h\\n");
        read.Lines.ShouldBe(lines.Select((line, offset) => $"{line}|{offset}|나라=kr"));
    }

    [Fact]
    public async Task Prints_all_that_a_record_has()
    {
        var (kcat, bootstrap) = await ConnectAsync();
        await Librdkafka.CreateTopicAsync(bootstrap, _name);
        await kcat.RunAsync($"-P -t {_name} -p 0 -K : -Z -H a=1 -H b=둘", "k:value\nempty:\n:no key\n");

        var read = await kcat.RunAsync($"-C -t {_name} -p 0 -o beginning -e -q -f %t|%p|%o|%k|%K|%s|%S|%h\\n");
        read.Lines.ShouldBe([
            $"{_name}|0|0|k|1|value|5|a=1,b=둘",
            $"{_name}|0|1|empty|5||-1|a=1,b=둘",
            $"{_name}|0|2||-1|no key|6|a=1,b=둘",
        ]);
        var times = (await kcat.RunAsync($"-C -t {_name} -p 0 -o beginning -e -q -f %T\\n")).Lines.Select(long.Parse).ToList();
        times.ShouldAllBe(time => Math.Abs(time - DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()) < 60_000);
    }

    [Fact]
    public async Task Prints_records_as_json()
    {
        var (kcat, bootstrap) = await ConnectAsync();
        await Librdkafka.CreateTopicAsync(bootstrap, _name);
        await kcat.RunAsync($"-P -t {_name} -p 0 -K : -Z", "k:값\nk:\n");

        var records = (await kcat.RunAsync($"-C -t {_name} -p 0 -o beginning -e -q -J")).Lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        records.Select(record => record.GetProperty("offset").GetInt64()).ShouldBe([0, 1]);
        records.Select(record => record.GetProperty("tstype").GetString()).ShouldBe(["create", "create"]);
        records.Select(record => record.GetProperty("payload").GetString()).ShouldBe(["값", null]);
    }

    [Fact]
    public async Task The_broker_stamps_records_where_the_topic_says_so()
    {
        var (kcat, bootstrap) = await ConnectAsync();
        await Librdkafka.CreateTopicAsync(bootstrap, _name, configs: new() { ["message.timestamp.type"] = "LogAppendTime" });
        await Librdkafka.ProduceAtAsync(bootstrap, _name, 1_000_000);

        var record = JsonDocument.Parse((await kcat.RunAsync($"-C -t {_name} -p 0 -o beginning -e -q -J")).Output).RootElement;
        record.GetProperty("tstype").GetString().ShouldBe("logappend");
        record.GetProperty("ts").GetInt64().ShouldBeGreaterThan(1_000_000_000_000);
    }

    [Fact]
    public async Task Writes_with_every_kind_of_acknowledgement()
    {
        var (kcat, bootstrap) = await ConnectAsync();
        await Librdkafka.CreateTopicAsync(bootstrap, _name);

        await kcat.RunAsync($"-P -t {_name} -p 0 -X acks=0", "none");
        await kcat.RunAsync($"-P -t {_name} -p 0 -X acks=1", "leader");
        await kcat.RunAsync($"-P -t {_name} -p 0 -X acks=all", "all");

        (await kcat.RunAsync($"-C -t {_name} -p 0 -o beginning -c 3 -q")).Lines.ShouldBe(["none", "leader", "all"]);
    }

    [Fact]
    public async Task A_record_that_is_too_large_for_its_topic_is_refused()
    {
        var (kcat, bootstrap) = await ConnectAsync();
        await Librdkafka.CreateTopicAsync(bootstrap, _name, configs: new() { ["max.message.bytes"] = "1000" });

        var result = await kcat.TryAsync($"-P -t {_name} -p 0", new string('x', 2000));

        result.ExitCode.ShouldNotBe(0);
        result.Errors.ShouldContain("Message size too large");
    }

    [Fact]
    public async Task A_topic_comes_into_being_when_it_is_first_written_to()
    {
        var (kcat, _) = await ConnectAsync();

        await kcat.RunAsync($"-P -t {_name}", "first");

        (await kcat.RunAsync($"-C -t {_name} -o beginning -e -q")).Lines.ShouldBe(["first"]);
    }

    [Fact]
    public async Task Writes_idempotently()
    {
        var (kcat, _) = await ConnectAsync();
        var lines = Enumerable.Range(0, 1000).Select(i => $"{i}").ToList();

        await kcat.RunAsync($"-P -t {_name} -p 0 -X enable.idempotence=true -X batch.num.messages=10", string.Join('\n', lines));

        (await kcat.RunAsync($"-C -t {_name} -p 0 -o beginning -e -q")).Lines.ShouldBe(lines);
    }

    [Fact]
    public async Task Finds_offsets_by_time()
    {
        var (kcat, bootstrap) = await ConnectAsync();
        await Librdkafka.CreateTopicAsync(bootstrap, _name);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await Librdkafka.ProduceAtAsync(bootstrap, _name, now - 3000, now - 2000, now - 1000);

        (await kcat.RunAsync($"-Q -t {_name}:0:{now - 2000}")).Output.ShouldContain("offset 1");
        (await kcat.RunAsync($"-Q -t {_name}:0:-1")).Output.ShouldContain("offset 3");
        (await kcat.RunAsync($"-Q -t {_name}:0:-2")).Output.ShouldContain("offset 0");
        (await kcat.RunAsync($"-C -t {_name} -o s@{now - 2000} -e -q -f %k,%T\\n")).Lines.ShouldBe([$"1,{now - 2000}", $"2,{now - 1000}"]);
        (await kcat.RunAsync($"-C -t {_name} -o s@{now - 3000} -o e@{now - 1000} -e -q -f %k\\n")).Lines.ShouldBe(["0", "1"]);
    }

    [Fact]
    public async Task Reads_from_the_end_backwards()
    {
        var (kcat, _) = await ConnectAsync();
        await kcat.RunAsync($"-P -t {_name} -p 0", "a\nb\nc");

        (await kcat.RunAsync($"-C -t {_name} -p 0 -o -2 -e -q")).Lines.ShouldBe(["b", "c"]);
        (await kcat.RunAsync($"-C -t {_name} -p 0 -o 1 -c 1 -q")).Lines.ShouldBe(["b"]);
    }

    [Fact]
    public async Task A_group_goes_on_where_it_stopped()
    {
        var (kcat, bootstrap) = await ConnectAsync();
        await Librdkafka.CreateTopicAsync(bootstrap, _name, partitions: 2);
        var read = $"-G {_name} -X auto.offset.reset=earliest -X heartbeat.interval.ms=300 -e -q {_name}";

        await kcat.RunAsync($"-P -t {_name} -p 0", "a\nb");
        await kcat.RunAsync($"-P -t {_name} -p 1", "c");
        (await kcat.RunAsync(read)).Lines.ShouldBe(["a", "b", "c"], ignoreOrder: true);

        (await kcat.RunAsync(read)).Lines.ShouldBeEmpty();

        await kcat.RunAsync($"-P -t {_name} -p 1", "d");
        (await kcat.RunAsync(read)).Lines.ShouldBe(["d"]);
    }

    [Fact]
    public async Task A_group_subscribes_by_pattern()
    {
        var (kcat, bootstrap) = await ConnectAsync();
        await Librdkafka.CreateTopicAsync(bootstrap, $"{_name}-one");
        await Librdkafka.CreateTopicAsync(bootstrap, $"{_name}-two");
        await kcat.RunAsync($"-P -t {_name}-one -p 0", "1");
        await kcat.RunAsync($"-P -t {_name}-two -p 0", "2");

        var read = await kcat.RunAsync($"-G {_name} -X auto.offset.reset=earliest -c 2 -q ^{_name}-.*");

        read.Lines.ShouldBe(["1", "2"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_partition_that_is_not_there_is_an_error()
    {
        var (kcat, bootstrap) = await ConnectAsync();
        await Librdkafka.CreateTopicAsync(bootstrap, _name);

        var result = await kcat.TryAsync($"-P -t {_name} -p 7", "lost");

        result.ExitCode.ShouldNotBe(0);
        result.Errors.ShouldContain("Unknown partition");
    }

    private async Task<(Kcat Kcat, string Bootstrap)> ConnectAsync()
    {
        Kcat.Require();
        var bootstrap = await broker.BootstrapServersAsync();
        return (new Kcat(bootstrap), bootstrap);
    }
}

public sealed class KcatOnGaramTests(GaramBroker broker) : KcatTests(broker);

public sealed class KcatOnApacheKafkaTests(ApacheKafka broker) : KcatTests(broker);
