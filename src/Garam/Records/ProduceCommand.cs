using System.CommandLine;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Operations.Topics;

namespace Garam.Records;

/// <summary><c>garam produce TOPIC</c>: a record for each line of stdin, or one that is given in the command line, on any Kafka.</summary>
internal static class ProduceCommand
{
    private static readonly Option<RecordInput?> Input = Choice.Option<RecordInput>("--input", "-i", "what stdin holds: lines (if left out), ndjson as consume writes it, or one raw value");
    private static readonly Option<string?> Key = new("--key", "-k") { Description = "key of every record", HelpName = "KEY" };
    private static readonly Option<string?> Delimiter = new("--key-delimiter", "-K") { Description = "a line is KEY, this text, VALUE", HelpName = "TEXT" };
    private static readonly Option<string?> Value = new("--value", "-V") { Description = "write one record with this value, and read no stdin", HelpName = "TEXT" };
    private static readonly Option<bool> Tombstone = new("--tombstone") { Description = "write one record without a value, and read no stdin" };
    private static readonly Option<string[]> Headers = new("--header", "-H") { Description = "a header of every record", HelpName = "NAME=VALUE" };
    private static readonly Option<int?> Partition = new("--partition", "-p") { Description = "write to this partition; by the key if left out", HelpName = "N" };
    private static readonly Option<bool> KeepPartitions = new("--keep-partitions") { Description = "ndjson: write each record to the partition that it names" };
    private static readonly Option<bool> CreateTopic = new("--create") { Description = "create the topic if it does not exist; refused if left out" };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "read and check the input, and write nothing" };

    public static Command Create()
    {
        var connection = new ConnectionOptions();
        var topic = KafkaNames.Topic(connection);
        NameValue.Require(Headers);
        var command = new Command("produce", "Write a record for each line of stdin, to any Kafka")
        {
            topic, Input, Key, Delimiter, Value, Tombstone, Headers, Partition, KeepPartitions, CreateTopic, DryRun, connection.AllowInternal,
        };
        connection.AddTo(command);
        command.AddCheck(result =>
        {
            if (result.GetValue(Value) is not null && result.GetValue(Tombstone))
                result.AddError("--value and --tombstone exclude each other: a tombstone is a record without a value.");
            if (result.GetValue(Tombstone) && result.GetValue(Key) is null)
                result.AddError("--tombstone needs --key: it says that the key is gone.");
            if (result.GetValue(KeepPartitions) && (result.GetValue(Input) is not RecordInput.Ndjson || result.GetValue(Partition) is not null))
                result.AddError("--keep-partitions goes with --input ndjson, and without --partition.");
        });
        command.SetAction(async (parsed, ct) =>
        {
            var production = new Production
            {
                Topic = parsed.GetRequiredValue(topic),
                Partition = parsed.GetValue(Partition),
                KeepPartitions = parsed.GetValue(KeepPartitions),
                Input = parsed.GetValue(Input) ?? RecordInput.Lines,
                Key = parsed.GetValue(Key),
                Delimiter = parsed.GetValue(Delimiter),
                Headers = [.. NameValue.Pairs(parsed, Headers)],
                Only = parsed.GetValue(Tombstone) ? new Production.Single(null) : parsed.GetValue(Value) is { } value ? new Production.Single(value) : null,
                DryRun = parsed.GetValue(DryRun),
            };
            using var kafka = connection.Open(parsed);
            kafka.EnsureMayChange(production.Topic);
            await new TopicOperations(kafka).EnsureExistsAsync(production.Topic, create: parsed.GetValue(CreateTopic) && !production.DryRun, ct);
            return await production.RunAsync(kafka, ct);
        });
        return command;
    }
}
