using System.Runtime.CompilerServices;

namespace Garam.Broker.Log;

/// <summary>One batch of an idempotent producer, as remembered to recognise it when it comes again.</summary>
internal readonly record struct ProducerBatch(int FirstSequence, int LastSequence, long LastOffset, int OffsetDelta, long Timestamp)
{
    public long FirstOffset => LastOffset - OffsetDelta;
}

/// <summary>What a partition knows of one idempotent producer: its epoch and its newest batches, as many as a client keeps in flight.</summary>
internal sealed class ProducerState(long producerId, short epoch)
{
    /// <summary>Clients that keep order have at most five requests in flight, so that no older batch can come again.</summary>
    public const int RememberedBatches = 5;

    private Batches _batches;
    private int _count;
    private int _newest = -1;

    public long ProducerId { get; } = producerId;

    public short Epoch { get; private set; } = epoch;

    /// <summary>The broker's time of the newest batch, in milliseconds since 1970: a silent producer is forgotten.</summary>
    public long LastSeen { get; private set; }

    /// <summary>-1 when it has written nothing in this epoch.</summary>
    public int LastSequence => _count == 0 ? -1 : _batches[_newest].LastSequence;

    public ProducerBatch? Newest => _count == 0 ? null : _batches[_newest];

    /// <summary>The coordinator epoch of the last transaction marker; -1 without one. Kept for the snapshot format.</summary>
    public int CoordinatorEpoch { get; init; } = -1;

    /// <summary>False after a snapshot, which holds only the newest batch: the others are in the log still.</summary>
    public bool RemembersAll { get; set; } = true;

    public void Remember(short epoch, in ProducerBatch batch, long seenAt)
    {
        if (epoch != Epoch)
        {
            Epoch = epoch;
            _count = 0;
            RemembersAll = true;
        }
        _newest = (_newest + 1) % RememberedBatches;
        _batches[_newest] = batch;
        _count = Math.Min(_count + 1, RememberedBatches);
        LastSeen = Math.Max(LastSeen, seenAt);
    }

    /// <summary>The remembered batch of exactly these sequences; null when there is none.</summary>
    public ProducerBatch? Find(int firstSequence, int lastSequence)
    {
        for (var age = 0; age < _count; age++)
        {
            ref readonly var batch = ref _batches[(_newest - age + RememberedBatches) % RememberedBatches];
            if (batch.FirstSequence == firstSequence && batch.LastSequence == lastSequence)
            {
                return batch;
            }
        }
        return null;
    }

    /// <summary>The newest batches in place of those that are remembered; oldest first.</summary>
    public void Restore(ReadOnlySpan<ProducerBatch> history)
    {
        _count = 0;
        _newest = -1;
        foreach (ref readonly var batch in history)
        {
            Remember(Epoch, batch, LastSeen);
        }
        RemembersAll = true;
    }

    [InlineArray(RememberedBatches)]
    private struct Batches
    {
        private ProducerBatch _first;
    }
}
