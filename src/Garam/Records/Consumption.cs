using System.Diagnostics;
using Confluent.Kafka;
using Garam.CommandLine;
using Garam.Operations;
using Garam.Operations.Connections;
using Garam.Operations.Messages;
using Garam.Operations.Queries;

namespace Garam.Records;

/// <summary>One run of <c>consume</c>: from where, to where, until when.</summary>
internal sealed class Consumption
{
    // The most that a signal or an end condition waits for a client that has nothing to say.
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);
    private const int FlushEvery = 1_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Dictionary<TopicPartition, ConsumeResult<byte[]?, byte[]?>> _unflushed = [];

    public required string[] Topics { get; init; }

    public string? Group { get; init; }

    /// <summary>Empty: all.</summary>
    public required int[] Partitions { get; init; }

    public required StartOffset Start { get; init; }

    public required StreamEnd End { get; init; }

    public RecordQuery? Query { get; init; }

    public long? Count { get; init; }

    public TimeSpan? Timeout { get; init; }

    /// <returns>The exit code. Closing is quick: what was written is committed, and the group is told.</returns>
    public int Run(KafkaConnection connection, RecordOutput output, CancellationToken ct)
    {
        var partitions = FindPartitions(connection);
        using var consumer = Build(connection);
        try
        {
            if (Group is null)
                consumer.Assign(OnAssigned(consumer, partitions));
            else
                consumer.Subscribe(Topics);
            var written = Loop(consumer, output, ct);
            output.End();
            ct.ThrowIfCancellationRequested();
            return Count is null || written == Count || End.IsReached
                ? ExitCode.Ok
                : throw new CommandFailure(ExitCode.Unreachable, $"{written} of {Words.Count(Count ?? 0, "record")} came before the timeout.");
        }
        catch (IOException exception) when (RecordOutput.IsClosedPipe(exception))
        {
            return ExitCode.Ok;          // `garam consume t | head` has what it wanted
        }
        finally
        {
            consumer.Close();
        }
    }

    private long Loop(IConsumer<byte[]?, byte[]?> consumer, RecordOutput output, CancellationToken ct)
    {
        var idle = Stopwatch.StartNew();
        long read = 0, written = 0;
        while (written != Count && !End.IsReached && !ct.IsCancellationRequested)
        {
            var result = consumer.Consume(TimeSpan.Zero);
            if (result is null || _unflushed.Count > 0 && read % FlushEvery == 0)
                Flush(consumer, output);
            result ??= consumer.Consume(Turn);

            if (result is { IsPartitionEOF: true })
            {
                End.Drained(result.TopicPartition);
            }
            else if (result is not null && End.Admits(result))
            {
                read++;
                _unflushed[result.TopicPartition] = result;
                var record = StoredRecord.From(result);
                if (Query?.Matches(record) is not false)
                {
                    output.Write(record);
                    written++;
                }
            }
            else if (idle.Elapsed > Timeout)
            {
                break;
            }
            else
            {
                continue;
            }

            idle.Restart();
        }

        Flush(consumer, output);
        return written;
    }

    // What is committed has left the process: a crash in between shows a record twice, never not at all.
    private void Flush(IConsumer<byte[]?, byte[]?> consumer, RecordOutput output)
    {
        output.Flush();
        if (Group is not null)
            foreach (var result in _unflushed.Values)
                consumer.StoreOffset(result);
        _unflushed.Clear();
    }

    private List<TopicPartitionOffset> OnAssigned(IConsumer<byte[]?, byte[]?> consumer, IReadOnlyList<TopicPartition> partitions)
    {
        End.Assigned(consumer, partitions, Patience);
        if (Group is not null)
            return [.. partitions.Select(partition => new TopicPartitionOffset(partition, Offset.Unset))];
        return Start.Number is { } offset
            ? [.. StartCheck.Nearest(offset, [.. partitions.Select(partition => (partition, consumer.QueryWatermarkOffsets(partition, Patience)))])]
            : [.. Start.Resolve(consumer, partitions, Patience)];
    }

    private IConsumer<byte[]?, byte[]?> Build(KafkaConnection connection)
    {
        var config = connection.Configure(new ConsumerConfig
        {
            GroupId = Group ?? "garam-cli",                  // the client wants a name even where it joins no group
            EnableAutoCommit = Group is not null,
            EnableAutoOffsetStore = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnablePartitionEof = true,
            AllowAutoCreateTopics = false,
        });
        return new ConsumerBuilder<byte[]?, byte[]?>(config)
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, error) => { if (error.IsFatal) Talk.Say(error.Reason); })
            .SetPartitionsAssignedHandler((consumer, assigned) => OnAssigned(consumer, assigned))
            .SetPartitionsRevokedHandler((_, revoked) => Forget(revoked))
            .Build();
    }

    // Another member has them now, and begins where we committed.
    private void Forget(IEnumerable<TopicPartitionOffset> revoked)
    {
        foreach (var partition in revoked)
        {
            End.Revoked(partition.TopicPartition);
            _unflushed.Remove(partition.TopicPartition);
        }
    }

    private List<TopicPartition> FindPartitions(KafkaConnection connection)
    {
        var known = connection.Admin.GetMetadata(Patience).Topics.ToDictionary(topic => topic.Topic);
        if (Topics.FirstOrDefault(topic => !known.ContainsKey(topic)) is { } missing)
            throw new CommandFailure(ExitCode.NotFound, $"{Suggestion.Missing("topic", missing, known.Keys)} See: garam topic list");
        var partitions = Topics.SelectMany(topic => known[topic].Partitions.Select(partition => new TopicPartition(topic, partition.PartitionId)))
            .Where(partition => Partitions.Length == 0 || Partitions.Contains(partition.Partition.Value)).ToList();
        return partitions.Count > 0 ? partitions : throw new CommandFailure(ExitCode.NotFound, $"{Words.Of(Topics.Length, "the topic has", "the topics have")} no partition {string.Join(", ", Partitions)}.");
    }
}
