using System.Buffers.Binary;
using Garam.Kafka.Records;

namespace Garam.Broker.Log;

/// <summary>
/// <c>.snapshot</c>: the producers of a partition as they were at the offset that names the file, so that recovery reads the log from there only.
/// </summary>
/// <remarks>
/// <code>
/// version int16 = 1 | crc-32c uint32 of all that follows | count int32 | count x
///   { producer id int64 | epoch int16 | last sequence int32 | last offset int64 | offset delta int32 | timestamp int64 | coordinator epoch int32 | first offset of an open transaction int64 }
/// </code>
/// </remarks>
internal static class ProducerSnapshot
{
    public const string Extension = ".snapshot";
    private const short Version = 1;
    private const int CrcAt = 2, CountAt = 6, EntriesAt = 10, EntrySize = 46;

    public static byte[] Write(ProducerStates states)
    {
        var bytes = new byte[EntriesAt + states.Count * EntrySize];
        BinaryPrimitives.WriteInt16BigEndian(bytes, Version);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(CountAt), states.Count);
        var rest = bytes.AsSpan(EntriesAt);
        foreach (var producer in states.All)
        {
            WriteEntry(rest, producer);
            rest = rest[EntrySize..];
        }
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(CrcAt), Crc32C.Compute(bytes.AsSpan(CountAt)));
        return bytes;
    }

    /// <summary>The producers of a snapshot; null when it is damaged.</summary>
    public static ProducerStates? TryRead(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < EntriesAt || BinaryPrimitives.ReadInt16BigEndian(bytes) != Version
            || BinaryPrimitives.ReadUInt32BigEndian(bytes[CrcAt..]) != Crc32C.Compute(bytes[CountAt..])
            || BinaryPrimitives.ReadInt32BigEndian(bytes[CountAt..]) is var count && (count < 0 || bytes.Length != EntriesAt + (long)count * EntrySize))
        {
            return null;
        }
        var states = new ProducerStates();
        for (var rest = bytes[EntriesAt..]; !rest.IsEmpty; rest = rest[EntrySize..])
        {
            states.Restore(ReadEntry(rest));
        }
        return states;
    }

    private static void WriteEntry(Span<byte> entry, ProducerState producer)
    {
        var newest = producer.Newest ?? new ProducerBatch(-1, -1, -1, 0, -1);
        BinaryPrimitives.WriteInt64BigEndian(entry, producer.ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(entry[8..], producer.Epoch);
        BinaryPrimitives.WriteInt32BigEndian(entry[10..], newest.LastSequence);
        BinaryPrimitives.WriteInt64BigEndian(entry[14..], newest.LastOffset);
        BinaryPrimitives.WriteInt32BigEndian(entry[22..], newest.OffsetDelta);
        BinaryPrimitives.WriteInt64BigEndian(entry[26..], producer.LastSeen);
        BinaryPrimitives.WriteInt32BigEndian(entry[34..], producer.CoordinatorEpoch);
        BinaryPrimitives.WriteInt64BigEndian(entry[38..], -1);
    }

    private static ProducerState ReadEntry(ReadOnlySpan<byte> entry)
    {
        var epoch = BinaryPrimitives.ReadInt16BigEndian(entry[8..]);
        var lastSequence = BinaryPrimitives.ReadInt32BigEndian(entry[10..]);
        var offsetDelta = BinaryPrimitives.ReadInt32BigEndian(entry[22..]);
        var timestamp = BinaryPrimitives.ReadInt64BigEndian(entry[26..]);
        var producer = new ProducerState(BinaryPrimitives.ReadInt64BigEndian(entry), epoch)
        {
            CoordinatorEpoch = BinaryPrimitives.ReadInt32BigEndian(entry[34..]),
        };
        if (lastSequence >= 0)
        {
            var firstSequence = (int)(((long)lastSequence - offsetDelta) & int.MaxValue);
            producer.Remember(epoch, new ProducerBatch(firstSequence, lastSequence, BinaryPrimitives.ReadInt64BigEndian(entry[14..]), offsetDelta, timestamp), timestamp);
            producer.RemembersAll = false;
        }
        return producer;
    }
}
