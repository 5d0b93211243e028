using Garam.Kafka.Records;

namespace Garam.Broker.Tests.PowerLoss;

/// <summary>What the broker has been asked to do up to some moment, and what it has said about it.</summary>
internal sealed class Promises
{
    /// <summary>By name. Absent: nobody has asked for it, or its deletion is acknowledged.</summary>
    public Dictionary<string, PromisedTopic> Topics { get; private init; } = [];

    /// <summary>By group; the partition is always the same.</summary>
    public Dictionary<string, long> CommittedOffsets { get; private init; } = [];

    public Promises Clone() => new()
    {
        Topics = Topics.ToDictionary(topic => topic.Key, topic => topic.Value.Clone()),
        CommittedOffsets = new(CommittedOffsets),
    };
}

/// <summary>One incarnation of a topic with one partition.</summary>
internal sealed class PromisedTopic
{
    public required IReadOnlyDictionary<string, string> Configs { get; init; }

    /// <summary>Null until its making is acknowledged: until then it may be there or not.</summary>
    public Guid? Id { get; set; }

    /// <summary>Its deletion was asked for, and it may be there or not.</summary>
    public bool IsGoing { get; set; }

    /// <summary>Whatever was ever sent, by where it would stand: an offset is never used twice in one epoch.</summary>
    public Dictionary<(long Offset, int Epoch), SentRecord> Sent { get; private init; } = [];

    /// <summary>Acknowledged with acks=all at flush.messages=1.</summary>
    public Dictionary<long, SentRecord> Acknowledged { get; private init; } = [];

    /// <summary>The log start that DeleteRecords has answered, and the one that it was asked for.</summary>
    public long LogStart { get; set; }

    public long LogStartAsked { get; set; }

    /// <summary>The newest batches of its idempotent producer: acknowledged, and on its way.</summary>
    public SentBatch? AcknowledgedBatch { get; set; }

    public SentBatch? BatchInFlight { get; set; }

    public PromisedTopic Clone() => new()
    {
        Configs = Configs,
        Id = Id,
        IsGoing = IsGoing,
        Sent = new(Sent),
        Acknowledged = new(Acknowledged),
        LogStart = LogStart,
        LogStartAsked = LogStartAsked,
        AcknowledgedBatch = AcknowledgedBatch,
        BatchInFlight = BatchInFlight,
    };

    public void Send(SentBatch batch)
    {
        for (var index = 0; index < batch.Records.Count; index++)
        {
            var there = (batch.BaseOffset + index, batch.Epoch);
            (Sent.TryAdd(there, batch.Records[index]) || Sent[there] == batch.Records[index]).ShouldBeTrue($"offset {there.Item1} is used twice in epoch {batch.Epoch}");
        }
        BatchInFlight = batch.IsIdempotent ? batch : BatchInFlight;
    }

    public void Acknowledge(SentBatch batch)
    {
        for (var index = 0; index < batch.Records.Count; index++)
        {
            Acknowledged[batch.BaseOffset + index] = batch.Records[index];
        }
        (AcknowledgedBatch, BatchInFlight) = batch.IsIdempotent ? (batch, null) : (AcknowledgedBatch, BatchInFlight);
    }
}

internal sealed record SentRecord(string Key, string? Value);

/// <param name="BaseOffset">Where it stands, or would.</param>
/// <param name="Epoch">In which leader epoch.</param>
/// <param name="Bytes">As it was sent.</param>
/// <param name="Records">What it holds.</param>
internal sealed record SentBatch(long BaseOffset, int Epoch, byte[] Bytes, IReadOnlyList<SentRecord> Records)
{
    public bool IsIdempotent => RecordBatchHeader.Read(Bytes).HasProducerId;
}
