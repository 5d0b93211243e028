namespace Garam.Messaging.Producing;

/// <summary>
/// The process's one producer: idempotent, <c>acks=all</c>. Records of one partition are written in the order of the calls,
/// awaited or not.
/// </summary>
public interface IRecordProducer
{
    /// <summary>Writes <paramref name="record"/> and completes when every in-sync replica has it.</summary>
    /// <param name="record">What to write and where.</param>
    /// <param name="cancellationToken">
    /// Honoured while the record waits for room. Once it has been handed to the client its fate must be known, so the answer
    /// is awaited (at most <see cref="MessagingOptions.DeliveryTimeout"/>).
    /// </param>
    /// <returns>Where the record is.</returns>
    /// <exception cref="ProduceFailedException">The record was not written, or nobody can tell; says whether trying again may help.</exception>
    ValueTask<RecordPosition> ProduceAsync(ProducerRecord record, CancellationToken cancellationToken);
}

/// <summary>Where an acknowledged record is.</summary>
/// <param name="Topic">Name of the topic.</param>
/// <param name="Partition">Partition, from 0.</param>
/// <param name="Offset">Offset within the partition, from 0.</param>
public readonly record struct RecordPosition(string Topic, int Partition, long Offset);
