using System.CommandLine;
using System.Text;
using Confluent.Kafka;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Operations.Connections;
using Garam.Operations.Messages;

namespace Garam.Records;

/// <summary>What a line of the input is.</summary>
internal enum RecordInput
{
    /// <summary>The value of a record, or key and value where a delimiter is given.</summary>
    Lines,

    /// <summary>A <see cref="RecordLine"/>, as <c>consume</c> writes it.</summary>
    Ndjson,
}

/// <summary><c>garam produce TOPIC</c>: a record for each line of stdin, on any Kafka.</summary>
internal static class ProduceCommand
{
    private static readonly Argument<string> Topic = new("TOPIC") { Description = "name of a topic" };
    private static readonly Option<RecordInput> Input = new("--input", "-i") { Description = "lines, or ndjson as consume writes it", HelpName = "FORMAT" };
    private static readonly Option<string?> Key = new("--key", "-k") { Description = "key of every record", HelpName = "KEY" };
    private static readonly Option<string?> Delimiter = new("--key-delimiter", "-K") { Description = "a line is KEY, this text, VALUE", HelpName = "TEXT" };
    private static readonly Option<int?> Partition = new("--partition", "-p") { Description = "write to this partition; by the key if left out", HelpName = "N" };
    private static readonly Option<string[]> Headers = new("--header", "-H") { Description = "a header of every record", HelpName = "NAME=VALUE" };

    public static Command Create()
    {
        var connection = new ConnectionOptions();
        NameValue.Require(Headers);
        var command = new Command("produce", "Write a record for each line of stdin, to any Kafka") { Topic, Input, Key, Delimiter, Partition, Headers };
        connection.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using var kafka = connection.Open(parsed);
            return await ProduceAsync(parsed, kafka, ct);
        });
        return command;
    }

    private static async Task<int> ProduceAsync(ParseResult parsed, KafkaConnection connection, CancellationToken ct)
    {
        var target = new TopicPartition(parsed.GetRequiredValue(Topic), parsed.GetValue(Partition) ?? Confluent.Kafka.Partition.Any);
        var config = connection.Configure(new ProducerConfig { EnableIdempotence = true, LingerMs = 5, Partitioner = Partitioner.Murmur2Random });
        using var producer = new ProducerBuilder<byte[]?, byte[]?>(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        using var input = new StreamReader(System.Console.OpenStandardInput(), new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false);

        var deliveries = new Deliveries();
        for (long line = 1; await input.ReadLineAsync(ct) is { } text && !deliveries.Failed; line++)
        {
            if (parsed.GetValue(Input) is RecordInput.Ndjson && text.Length == 0)
                continue;
            await deliveries.SendAsync(producer, target, Read(parsed, text, line), ct);
        }

        producer.Flush(ct);
        return deliveries.Report();
    }

    private static Message<byte[]?, byte[]?> Read(ParseResult parsed, string text, long line)
    {
        var message = parsed.GetValue(Input) is RecordInput.Ndjson ? ReadRecord(text, line) : ReadLine(parsed, text);
        foreach (var (name, value) in NameValue.Pairs(parsed, Headers))
            message.Headers.Add(name, Encoding.UTF8.GetBytes(value));
        return message;
    }

    private static Message<byte[]?, byte[]?> ReadRecord(string text, long line)
    {
        try
        {
            return RecordLine.Parse(text).ToMessage();
        }
        catch (FormatException exception)
        {
            throw new CommandFailure(ExitCode.Failure, $"line {line}: {exception.Message}");
        }
    }

    private static Message<byte[]?, byte[]?> ReadLine(ParseResult parsed, string text)
    {
        var key = parsed.GetValue(Key);
        if (parsed.GetValue(Delimiter) is { Length: > 0 } delimiter && text.IndexOf(delimiter, StringComparison.Ordinal) is >= 0 and var at)
            (key, text) = (text[..at], text[(at + delimiter.Length)..]);
        return new() { Key = key is null ? null : Encoding.UTF8.GetBytes(key), Value = Encoding.UTF8.GetBytes(text), Headers = new Headers() };
    }
}
