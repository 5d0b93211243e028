using Garam.Conformance.Brokers;
using Garam.Conformance.Clients;

namespace Garam.Conformance.Differential;

/// <summary>
/// Kafka's own command-line tools say the same of our broker as of Apache Kafka. A tool starts a Java machine for each command, so these are
/// the commands that ask for the most different things.
/// </summary>
public sealed class ToolAnswersTests(GaramBroker garam, ApacheKafka kafka)
{
    private readonly string _name = $"tools-{Guid.NewGuid():n}"[..24];

    [Fact]
    public Task Topics_are_described_with_their_settings_and_wrong_changes_refused() => CompareAsync(async tools =>
    {
        await tools.RunAsync("topics", $"--create --topic {_name} --partitions 2 --config cleanup.policy=compact,delete");
        await tools.RunAsync("topics", $"--create --topic {_name}");
        await tools.RunAsync("topics", $"--alter --topic {_name} --partitions 1");
        await tools.RunAsync("configs", $"--alter --entity-type topics --entity-name {_name} --add-config segment.bytes=5000000,max.message.bytes=2000");
        await tools.RunAsync("configs", $"--alter --entity-type topics --entity-name {_name} --add-config cleanup.policy=wrong");
        await tools.RunAsync("configs", $"--describe --entity-type topics --entity-name {_name}");
    });

    [Fact]
    public Task A_groups_offsets_are_described_reset_and_deleted() => CompareAsync(async tools =>
    {
        await tools.RunAsync("topics", $"--create --topic {_name} --partitions 2");
        await tools.RunAsync("console-producer", $"--topic {_name} --reader-property parse.key=true --reader-property key.separator=:", "k1:하나\nk2:둘\nk3:셋\n");
        await tools.RunAsync("console-consumer", $"--topic {_name} --group {_name} --from-beginning --max-messages 3 "
            + "--formatter-property print.key=true --formatter-property print.partition=true --formatter-property print.offset=true");
        await tools.RunAsync("consumer-groups", $"--reset-offsets --shift-by -1 --execute --group {_name} --topic {_name}:0");
        await tools.RunAsync("consumer-groups", $"--delete-offsets --group {_name} --topic {_name}:1");
        await tools.RunAsync("consumer-groups", $"--describe --group {_name} --offsets --verbose");
        await tools.RunAsync("consumer-groups", $"--delete --group {_name}");
    });

    [Fact]
    public async Task Records_are_written_deleted_and_found_by_offset()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $$"""{"partitions":[{"topic":"{{_name}}","partition":0,"offset":5}],"version":1}""");
        await CompareAsync(async tools =>
        {
            await tools.RunAsync("topics", $"--create --topic {_name} --partitions 1");
            await tools.RunAsync("verifiable-producer", $"--topic {_name} --max-messages 20 --acks -1");
            await tools.RunAsync("delete-records", $"--offset-json-file {file}");
            await tools.RunAsync("get-offsets", $"--topic {_name} --partitions 0 --time earliest");
            await tools.RunAsync("leader-election", $"--election-type preferred --topic {_name} --partition 0");
            await tools.RunAsync("log-dirs", $"--describe --topic-list {_name}");
        });
        File.Delete(file);
    }

    private async Task CompareAsync(Func<ToolTranscript, Task> commands)
    {
        JavaTools.Require();
        var expected = new ToolTranscript(await kafka.BootstrapServersAsync());
        var answered = new ToolTranscript(await garam.BootstrapServersAsync());
        await Task.WhenAll(commands(expected), commands(answered));
        Transcript.ShouldBeSame(expected.Lines, answered.Lines);
    }
}
