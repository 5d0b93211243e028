using System.Net;
using System.Net.Sockets;
using Garam.Faults.Brokers;
using Garam.Faults.Histories;
using Garam.Faults.Runs;
using Garam.Kafka;
using Garam.Kafka.Messages;
using Garam.Kafka.Records;

namespace Garam.Faults.Workload;

/// <summary>
/// Asks the broker itself, past the client library: the bytes of batches as they are served, the ends of the logs, where times are, and what the group has
/// committed.
/// </summary>
internal sealed class Observer(Clients clients, Func<IPEndPoint?> address)
{
    private const string Name = "observer";
    private const int FetchBytes = 256 * 1024, Questions = 20;
    private static readonly string[] Topics = [Scenario.Kept, Scenario.Compacted, Scenario.Retained];

    private readonly Random _random = new(HashCode.Combine(clients.Scenario.Seed, Name));
    private readonly Dictionary<(string Topic, int Partition), long> _next = [];
    private readonly Dictionary<(int Partition, long Time), bool> _asked = [];

    /// <summary>Looks again and again until the load ends.</summary>
    public async Task RunAsync()
    {
        while (!clients.Stop.IsCancellationRequested)
        {
            await TryAsync(LookAsync, clients.Stop);
            clients.Pause(20);
        }
    }

    /// <summary>Looks at every batch from the beginning, and asks all questions again.</summary>
    public async Task LookAtAllAsync(CancellationToken cancellationToken)
    {
        using var client = await RawClient.ConnectAsync(address()!, cancellationToken);
        _next.Clear();
        foreach (var topic in Topics)
        {
            for (var partition = 0; partition < Scenario.Partitions; partition++)
            {
                while (await ReadAsync(client, topic, partition, cancellationToken))
                {
                    // there was more
                }
            }
        }

        foreach (var (partition, time) in _asked.Keys.ToList())
        {
            await LookUpAsync(client, partition, time, cancellationToken);
        }

        await AskGroupAsync(client, cancellationToken);
    }

    private async Task LookAsync(RawClient client, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var (topic, partition) = (Topics[_random.Next(Topics.Length)], _random.Next(Scenario.Partitions));
            await ReadAsync(client, topic, partition, cancellationToken);
            await AskGroupAsync(client, cancellationToken);
            if (_asked.Count > 0)
            {
                var (known, time) = _asked.Keys.ElementAt(_random.Next(_asked.Count));
                await LookUpAsync(client, known, time, cancellationToken);
            }

            clients.Pause(10);
        }
    }

    private async Task TryAsync(Func<RawClient, CancellationToken, Task> look, CancellationToken cancellationToken)
    {
        try
        {
            if (address() is { } broker)
            {
                using var client = await RawClient.ConnectAsync(broker, cancellationToken);
                await look(client, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // the broker went away in the middle, or the load ends
        }
    }

    /// <summary>Reads on where it was, and writes down fingerprints and ends; false at the end.</summary>
    private async Task<bool> ReadAsync(RawClient client, string topic, int partition, CancellationToken cancellationToken)
    {
        var asked = new HistoryEvent { Client = Name, Operation = Operation.Ends, Topic = topic, Partition = partition };
        var offset = _next.GetValueOrDefault((topic, partition));
        clients.History.Add(asked);
        var answer = await client.AskAsync<FetchRequest, FetchResponse>(ApiKey.Fetch, 12, new FetchRequest
        {
            MinBytes = 0,
            MaxBytes = FetchBytes,
            SessionEpoch = -1,
            Topics = [new() { Topic = topic, Partitions = [new() { Partition = partition, FetchOffset = offset, PartitionMaxBytes = FetchBytes }] }],
        }, cancellationToken);
        var found = answer.Responses[0].Partitions[0];
        if (found.ErrorCode == ErrorCode.OffsetOutOfRange)
        {
            _next[(topic, partition)] = found.LogStartOffset > offset ? found.LogStartOffset : 0;
            return found.LogStartOffset > offset;
        }

        if (found.ErrorCode != ErrorCode.None)
        {
            return false;
        }

        if (await EndAsync(client, topic, partition, cancellationToken) is { } end)
        {
            clients.History.Add(asked with { Outcome = Outcome.Ok, Ends = new LogEnds(found.LogStartOffset, found.LastStableOffset, found.HighWatermark, end) });
        }

        return Remember(topic, partition, found.Records?.ToArray() ?? []);
    }

    private bool Remember(string topic, int partition, byte[] bytes)
    {
        var batches = new List<ServedBatch>();
        for (ReadOnlySpan<byte> rest = bytes; RecordBatch.TryRead(rest, out var batch); rest = rest[batch.Bytes.Length..])
        {
            var header = batch.Header;
            batches.Add(new ServedBatch(header.BaseOffset, header.LastOffset, $"{Crc32C.Compute(batch.Bytes):x8}"));
            _next[(topic, partition)] = header.LastOffset + 1;
            if (topic == Scenario.Kept && _asked.Count < Questions)
            {
                _asked[(partition, header.MaxTimestamp - _random.Next(3))] = true;
            }
        }

        if (batches.Count > 0)
        {
            clients.History.Add(new HistoryEvent { Client = Name, Operation = Operation.Batches, Outcome = Outcome.Ok, Topic = topic, Partition = partition, Batches = batches });
        }

        return batches.Count > 0;
    }

    /// <summary>The log end offset: where the newest leader epoch ends.</summary>
    private static async Task<long?> EndAsync(RawClient client, string topic, int partition, CancellationToken cancellationToken)
    {
        var metadata = await client.AskAsync<MetadataRequest, MetadataResponse>(ApiKey.Metadata, 9, new MetadataRequest { Topics = [new() { Name = topic }] }, cancellationToken);
        if (metadata.Topics[0].Partitions.Find(one => one.PartitionIndex == partition) is not { } known)
        {
            return null;
        }

        var answer = await client.AskAsync<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>(ApiKey.OffsetForLeaderEpoch, 4, new OffsetForLeaderEpochRequest
        {
            Topics = [new() { Topic = topic, Partitions = [new() { Partition = partition, LeaderEpoch = known.LeaderEpoch }] }],
        }, cancellationToken);
        return answer.Topics[0].Partitions[0] is { ErrorCode: ErrorCode.None, EndOffset: >= 0 and var end } ? end : null;
    }

    private async Task LookUpAsync(RawClient client, int partition, long time, CancellationToken cancellationToken)
    {
        var answer = await client.AskAsync<ListOffsetsRequest, ListOffsetsResponse>(ApiKey.ListOffsets, 6, new ListOffsetsRequest
        {
            ReplicaId = -1,
            Topics = [new() { Name = Scenario.Kept, Partitions = [new() { PartitionIndex = partition, Timestamp = time }] }],
        }, cancellationToken);
        if (answer.Topics[0].Partitions[0] is { ErrorCode: ErrorCode.None } found)
        {
            clients.History.Add(new HistoryEvent { Client = Name, Operation = Operation.Lookup, Outcome = Outcome.Ok, Topic = Scenario.Kept, Partition = partition, Timestamp = time, Offset = found.Offset });
        }
    }

    private async Task AskGroupAsync(RawClient client, CancellationToken cancellationToken)
    {
        var asked = new HistoryEvent { Client = Name, Operation = Operation.Committed, Topic = Scenario.Kept, Group = Member.Group };
        clients.History.Add(asked);
        var answer = await client.AskAsync<OffsetFetchRequest, OffsetFetchResponse>(ApiKey.OffsetFetch, 7, new OffsetFetchRequest
        {
            GroupId = Member.Group,
            Topics = [new() { Name = Scenario.Kept, PartitionIndexes = [.. Enumerable.Range(0, Scenario.Partitions)] }],
        }, cancellationToken);
        if (answer.ErrorCode == ErrorCode.None)
        {
            var offsets = answer.Topics[0].Partitions.Select(partition => new PartitionOffset(partition.PartitionIndex, partition.CommittedOffset));
            clients.History.Add(asked with { Outcome = Outcome.Ok, Offsets = [.. offsets] });
        }
    }
}
