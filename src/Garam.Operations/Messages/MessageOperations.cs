using Garam.Operations.Connections;
using Garam.Operations.Topics;

namespace Garam.Operations.Messages;

/// <summary>What can be done with records, on any Kafka. Safe from any thread; one serves a whole program.</summary>
public sealed class MessageOperations(KafkaConnection kafka, TimeProvider? time = null) : IDisposable
{
    private readonly KafkaConnection _kafka = kafka;
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lazy<RecordWriter> _writer = new(() => new RecordWriter(kafka));

    /// <summary>
    /// Reads a topic between two points, and ends at the ends that it has when the browse begins. Cancelled, it gives what it has, then
    /// <see cref="BrowseEvent.Done"/> with <see cref="BrowseEnd.Stopped"/>, and throws nothing.
    /// </summary>
    /// <exception cref="OperationException">The topic or a partition does not exist, or the brokers went away.</exception>
    public IAsyncEnumerable<BrowseEvent> BrowseAsync(BrowseRequest request, CancellationToken ct = default) => new Browse(_kafka, _time, request).RunAsync(ct);

    /// <summary>
    /// Follows topics as they are written, and partitions as they are added, until it is cancelled; then it ends as a browse does. A reader that is too
    /// slow is told how many rows it missed.
    /// </summary>
    /// <exception cref="OperationException">A topic does not exist.</exception>
    public IAsyncEnumerable<BrowseEvent> TailAsync(TailRequest request, CancellationToken ct = default) => new Tail(_kafka, _time, request).RunAsync(ct);

    /// <summary>One record; null where there is none (any more) at that offset.</summary>
    /// <exception cref="OperationException">The topic or the partition does not exist.</exception>
    public Task<StoredRecord?> ReadAsync(string topic, int partition, long offset, CancellationToken ct = default) =>
        new Browse(_kafka, _time, new BrowseRequest(topic) { Partitions = [partition] }).ReadOneAsync(offset, ct);

    /// <summary>Writes a record and returns when it is acknowledged by all replicas. Calls that overlap share batches, and stay in their order per partition.</summary>
    /// <exception cref="OperationException">It was not written.</exception>
    /// <remarks>Clients create a topic that they do not find: where its name comes from a person, <see cref="TopicOperations.EnsureExistsAsync"/> comes first.</remarks>
    public Task<StoredPlace> ProduceAsync(NewRecord record, CancellationToken ct = default) => _writer.Value.WriteAsync(record, ct);

    /// <summary>Writes records of one topic to another, in the order of each partition.</summary>
    /// <exception cref="OperationException">A record was not written: the message says how many were.</exception>
    public IAsyncEnumerable<CopyProgress> CopyAsync(CopyRequest request, CancellationToken ct = default) => new Copy(_kafka, _time, _writer, request).RunAsync(ct);

    /// <summary>
    /// Where a record went on: groups that read its partition, records that carry its trace or name it as their origin. The work is bounded; the
    /// last <see cref="JourneyStep.Looked"/> says what was looked at.
    /// </summary>
    public IAsyncEnumerable<JourneyStep> JourneyAsync(StoredRecord record, CancellationToken ct = default) => new Journey(_kafka, _time, record).RunAsync(ct);

    /// <summary>Waits for records that are being written, for a moment.</summary>
    public void Dispose()
    {
        if (_writer.IsValueCreated)
            _writer.Value.Dispose();
    }
}
