using Garam.Kafka;

namespace Garam.Broker.Log;

/// <summary>What a read found. With an error all offsets are -1, as Kafka answers it.</summary>
/// <param name="Error">OffsetOutOfRange below the log start or above the log end; KafkaStorageError when the disk fails.</param>
/// <param name="Bytes">Whole batches in the destination; 0 when there is nothing to read yet, or <paramref name="BytesNeeded"/> says why.</param>
/// <param name="BytesNeeded">Size of the first batch when it alone is larger than the destination; else 0. A reader that must progress asks again with that much room.</param>
/// <param name="HighWatermark">End of what is readable.</param>
/// <param name="LastStableOffset">End of what is readable outside of open transactions.</param>
/// <param name="LogStartOffset">First offset that there is.</param>
internal readonly record struct ReadResult(
    ErrorCode Error, int Bytes, int BytesNeeded, long HighWatermark, long LastStableOffset, long LogStartOffset)
{
    internal static ReadResult Failed(ErrorCode error) => new(error, 0, 0, -1, -1, -1);
}
