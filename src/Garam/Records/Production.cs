using System.Text;
using Confluent.Kafka;
using Garam.CommandLine;
using Garam.Operations.Connections;
using Garam.Operations.Messages;

namespace Garam.Records;

/// <summary>What stdin holds.</summary>
internal enum RecordInput
{
    /// <summary>A line is the value of a record, or key and value where a delimiter is given.</summary>
    Lines,

    /// <summary>A line is a <see cref="RecordLine"/>, as <c>consume</c> writes it.</summary>
    Ndjson,

    /// <summary>Everything is the value of one record.</summary>
    Raw,
}

/// <summary>One run of <c>produce</c>: what becomes a record, and where it goes.</summary>
internal sealed class Production
{
    // The broker says how large a record may be, and not the client.
    private const int LargestRequest = 1_000_000_000;

    /// <summary>A record that was given in the command line.</summary>
    internal sealed record Single(string? Value);

    public required string Topic { get; init; }

    public int? Partition { get; init; }

    public bool KeepPartitions { get; init; }

    public RecordInput Input { get; init; }

    public string? Key { get; init; }

    public string? Delimiter { get; init; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Null: records come from stdin.</summary>
    public Single? Only { get; init; }

    public bool DryRun { get; init; }

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(KafkaConnection connection, CancellationToken ct)
    {
        if (DryRun)
            return await CheckAsync(ct);
        var config = connection.Configure(new ProducerConfig
        {
            EnableIdempotence = true,
            LingerMs = 5,
            Partitioner = Partitioner.Murmur2Random,
            MessageMaxBytes = LargestRequest,
        });
        using var producer = new ProducerBuilder<byte[]?, byte[]?>(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        var deliveries = new Deliveries();
        try
        {
            await foreach (var (partition, message, line) in RecordsAsync(ct))
            {
                await deliveries.SendAsync(producer, new TopicPartition(Topic, partition), message, line, ct);
                if (deliveries.Failed)
                    break;
            }

            producer.Flush(ct);
        }
        catch (Exception exception) when (exception is OperationCanceledException or CommandFailure)
        {
            producer.Flush(TimeSpan.FromSeconds(1));          // what was read before is written: the count says how much
            deliveries.Report();
            throw;
        }

        return deliveries.Report();
    }

    private async Task<int> CheckAsync(CancellationToken ct)
    {
        long records = 0;
        await foreach (var _ in RecordsAsync(ct))
            records++;
        Talk.Say($"{Words.Count(records, "record")} could be written: this was a dry run.");
        return ExitCode.Ok;
    }

    private async IAsyncEnumerable<(Partition Partition, Message<byte[]?, byte[]?> Message, long? Line)> RecordsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var fixedPartition = Partition ?? Confluent.Kafka.Partition.Any;
        if (Only is { } only)
        {
            yield return (fixedPartition, Complete(Message(Bytes(Key), Bytes(only.Value))), null);
            yield break;
        }

        using var stdin = CommandStreams.OpenInput();
        if (Input is RecordInput.Raw)
        {
            yield return (fixedPartition, Complete(Message(Bytes(Key), await InputLines.ReadAllAsync(stdin, ct))), null);
            yield break;
        }

        long number = 0;
        await foreach (var line in InputLines.ReadAsync(stdin, ct))
        {
            number++;
            if (Input is RecordInput.Lines)
            {
                yield return (fixedPartition, Complete(Line(line)), number);
            }
            else if (line.Length > 0)
            {
                var record = Parse(line, number);
                yield return (KeepPartitions ? record.Partition ?? fixedPartition : fixedPartition, Complete(record.ToMessage()), number);
            }
        }
    }

    private Message<byte[]?, byte[]?> Complete(Message<byte[]?, byte[]?> message)
    {
        foreach (var (name, value) in Headers)
            message.Headers.Add(name, Bytes(value));
        return message;
    }

    private Message<byte[]?, byte[]?> Line(byte[] line)
    {
        if (Bytes(Delimiter) is { Length: > 0 } delimiter && line.AsSpan().IndexOf(delimiter) is >= 0 and var at)
            return Message(line[..at], line[(at + delimiter.Length)..]);
        return Message(Bytes(Key), line);
    }

    private static RecordLine Parse(byte[] line, long number)
    {
        try
        {
            return RecordLine.Parse(Encoding.UTF8.GetString(line));
        }
        catch (FormatException exception)
        {
            throw new CommandFailure(ExitCode.Failure, $"line {number}: {exception.Message}");
        }
    }

    private static Message<byte[]?, byte[]?> Message(byte[]? key, byte[]? value) => new() { Key = key, Value = value, Headers = new Headers() };

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);
}
