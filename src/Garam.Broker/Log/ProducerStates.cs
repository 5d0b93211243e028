using Garam.Kafka;
using Garam.Kafka.Records;

namespace Garam.Broker.Log;

/// <summary>
/// The idempotent producers of one partition: recognises a batch that comes again and refuses one that does not follow (KIP-98, KIP-360).
/// Guarded by the partition's lock.
/// </summary>
internal sealed class ProducerStates
{
    private readonly Dictionary<long, ProducerState> _producers = [];

    public int Count => _producers.Count;

    public IEnumerable<ProducerState> All => _producers.Values;

    /// <summary>The producer of a batch, unless it has been silent for longer than <paramref name="expirationMs"/>.</summary>
    public ProducerState? Find(long producerId, long now, long expirationMs)
    {
        if (!_producers.TryGetValue(producerId, out var producer))
        {
            return null;
        }
        if (now - producer.LastSeen < expirationMs)
        {
            return producer;
        }
        _producers.Remove(producerId);
        return null;
    }

    /// <summary>
    /// Null when a new batch of <paramref name="header"/> follows what <paramref name="producer"/> (null: unknown here) has written; whether it is an old one comes first
    /// (<see cref="ProducerState.Find"/>). An unknown producer may start anywhere: its records may have been deleted, or its state expired.
    /// </summary>
    public static RecordBatchFault? Check(ProducerState? producer, in RecordBatchHeader header)
    {
        if (producer is null)
        {
            return null;
        }
        if (header.ProducerEpoch < producer.Epoch)
        {
            return new RecordBatchFault(ErrorCode.InvalidProducerEpoch,
                $"producer {header.ProducerId} writes with epoch {header.ProducerEpoch}, but its epoch is {producer.Epoch}", []);
        }
        var expected = header.ProducerEpoch > producer.Epoch || producer.LastSequence < 0 ? 0 : ProducerSequence.Next(producer.LastSequence);
        return header.BaseSequence == expected ? null : new RecordBatchFault(ErrorCode.OutOfOrderSequenceNumber,
            $"producer {header.ProducerId} sends sequence {header.BaseSequence} in epoch {header.ProducerEpoch}; {expected} is next", []);
    }

    /// <summary>Counts a batch that is in the log.</summary>
    public void Remember(in RecordBatchHeader header, long seenAt)
    {
        if (!header.HasProducerId || header.Attributes.IsControl)
        {
            return;
        }
        if (!_producers.TryGetValue(header.ProducerId, out var producer))
        {
            _producers.Add(header.ProducerId, producer = new ProducerState(header.ProducerId, header.ProducerEpoch));
        }
        producer.Remember(header.ProducerEpoch, BatchOf(header), seenAt);
    }

    /// <summary>Puts in a producer from a snapshot.</summary>
    public void Restore(ProducerState producer) => _producers[producer.ProducerId] = producer;

    public void Clear() => _producers.Clear();

    public void RemoveExpired(long now, long expirationMs)
    {
        foreach (var (id, producer) in _producers)
        {
            if (now - producer.LastSeen >= expirationMs)
            {
                _producers.Remove(id);
            }
        }
    }

    internal static ProducerBatch BatchOf(in RecordBatchHeader header) =>
        new(header.BaseSequence, header.LastSequence, header.LastOffset, header.LastOffsetDelta, header.MaxTimestamp);
}
