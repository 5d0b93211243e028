using Confluent.Kafka;
using Garam.Messaging.Telemetry;

namespace Garam.Messaging.Consuming;

/// <summary>Confluent's consumer.</summary>
internal sealed class ConfluentTransport : IGroupTransport
{
    private static readonly TimeSpan CommitAgainAfter = TimeSpan.FromMilliseconds(50);

    private readonly ManualResetEventSlim _closing = new(initialState: false);
    private readonly IConsumer<byte[]?, byte[]?> _consumer;
    private IAssignmentListener? _listener;

    public ConfluentTransport(MessagingOptions options, string group, ClientLog log) =>
        _consumer = new ConsumerBuilder<byte[]?, byte[]?>(ClientConfiguration.ForConsumer(options, group))
            .SetPartitionsAssignedHandler((_, partitions) => _listener!.Assigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => _listener!.Revoked(WithoutOffsets(partitions)))
            .SetPartitionsLostHandler((_, partitions) => _listener!.Lost(WithoutOffsets(partitions)))
            .SetErrorHandler((_, error) => log.Error(error))
            .SetLogHandler((_, message) => log.Message(message))
            .Build();

    public void Subscribe(IReadOnlyCollection<string> topics, IAssignmentListener listener)
    {
        _listener = listener;
        _consumer.Subscribe(topics);
    }

    public ConsumeResult<byte[]?, byte[]?>? Poll(TimeSpan timeout) => _consumer.Consume(timeout);

    public void Pause(TopicPartition partition) => _consumer.Pause([partition]);

    public void Resume(TopicPartition partition) => _consumer.Resume([partition]);

    public void Commit(IReadOnlyCollection<TopicPartitionOffset> offsets) =>
        CommitRetry.Run(() => _consumer.Commit(offsets), () => !_closing.Wait(CommitAgainAfter));

    public long EndOffset(TopicPartition partition)
    {
        try
        {
            return _consumer.GetWatermarkOffsets(partition).High.Value;
        }
        catch (KafkaException)
        {
            // Just assigned: the client does not know the partition yet.
            return -1;
        }
    }

    public void Close()
    {
        _closing.Set();
        _consumer.Close();
    }

    public void Dispose() => _consumer.Dispose();

    private static List<TopicPartition> WithoutOffsets(List<TopicPartitionOffset> partitions) =>
        partitions.ConvertAll(partition => partition.TopicPartition);
}
