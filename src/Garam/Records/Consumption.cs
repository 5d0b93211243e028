using System.Diagnostics;
using Confluent.Kafka;
using Garam.CommandLine;
using Garam.Operations.Connections;
using Garam.Operations.Messages;

namespace Garam.Records;

/// <summary>One run of <c>consume</c>: from where, to where, until when.</summary>
internal sealed class Consumption
{
    // The most that a signal or an end condition waits for a client that has nothing to say.
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);
    private const int FlushEvery = 1_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly HashSet<TopicPartition> _unfinished = [];
    private readonly Dictionary<TopicPartition, long> _ends = [];
    private readonly Dictionary<TopicPartition, ConsumeResult<byte[]?, byte[]?>> _unflushed = [];
    private bool _assigned;

    public required string[] Topics { get; init; }

    public string? Group { get; init; }

    public int? Partition { get; init; }

    public required StartOffset Start { get; init; }

    public long? Count { get; init; }

    public bool UntilEnd { get; init; }

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
            return Loop(consumer, output, ct);
        }
        catch (IOException exception) when (IsClosedPipe(exception))
        {
            return ExitCode.Ok;          // `garam consume t | head` has what it wanted
        }
        finally
        {
            consumer.Close();
        }
    }

    private int Loop(IConsumer<byte[]?, byte[]?> consumer, RecordOutput output, CancellationToken ct)
    {
        var idle = Stopwatch.StartNew();
        long written = 0;
        while (written != Count && !(UntilEnd && _assigned && _unfinished.Count == 0) && !ct.IsCancellationRequested)
        {
            var result = consumer.Consume(TimeSpan.Zero);
            if (result is null || _unflushed.Count > 0 && written % FlushEvery == 0)
                Flush(consumer, output);
            result ??= consumer.Consume(Turn);

            if (result is { IsPartitionEOF: true })
            {
                _unfinished.Remove(result.TopicPartition);
                idle.Restart();
            }
            else if (result is not null && !IsPastEnd(result))
            {
                output.Write(result);
                _unflushed[result.TopicPartition] = result;
                written++;
                idle.Restart();
            }
            else if (idle.Elapsed > Timeout)
            {
                break;
            }
        }

        Flush(consumer, output);
        ct.ThrowIfCancellationRequested();
        return Count is null || written == Count || UntilEnd && _unfinished.Count == 0
            ? ExitCode.Ok
            : throw new CommandFailure(ExitCode.Unreachable, $"{written} of {Count} records came before the timeout.");
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

    // The end is where it was when reading started: somebody may be writing faster than we read.
    private bool IsPastEnd(ConsumeResult<byte[]?, byte[]?> record)
    {
        if (!UntilEnd || !_ends.TryGetValue(record.TopicPartition, out var end))
            return false;
        if (record.Offset.Value + 1 >= end)
            _unfinished.Remove(record.TopicPartition);
        return record.Offset.Value >= end;
    }

    private List<TopicPartitionOffset> OnAssigned(IConsumer<byte[]?, byte[]?> consumer, IReadOnlyList<TopicPartition> partitions)
    {
        foreach (var partition in UntilEnd ? partitions : [])
        {
            var offsets = consumer.QueryWatermarkOffsets(partition, Patience);
            _ends[partition] = offsets.High.Value;
            if (offsets.High > offsets.Low)
                _unfinished.Add(partition);
        }

        _assigned = true;
        return Group is null
            ? [.. Start.Resolve(consumer, partitions, Patience)]
            : [.. partitions.Select(partition => new TopicPartitionOffset(partition, Offset.Unset))];
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
            _unfinished.Remove(partition.TopicPartition);
            _unflushed.Remove(partition.TopicPartition);
        }
    }

    private List<TopicPartition> FindPartitions(KafkaConnection connection)
    {
        var known = connection.Admin.GetMetadata(Patience).Topics.ToDictionary(topic => topic.Topic);
        var missing = Topics.Where(topic => !known.ContainsKey(topic)).ToList();
        if (missing.Count > 0)
            throw new CommandFailure(ExitCode.NotFound, $"topic {string.Join(", ", missing)} does not exist. See: garam topic list");
        var partitions = Topics.SelectMany(topic => known[topic].Partitions.Select(partition => new TopicPartition(topic, partition.PartitionId)))
            .Where(partition => Partition is null || partition.Partition.Value == Partition).ToList();
        return partitions.Count > 0 ? partitions : throw new CommandFailure(ExitCode.NotFound, $"no topic named here has a partition {Partition}.");
    }

    private static bool IsClosedPipe(IOException exception) => exception.HResult == 32;          // EPIPE
}
