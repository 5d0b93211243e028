using Confluent.Kafka;
using Garam.Operations.Connections;
using Garam.Operations.Topics;

namespace Garam.Operations.Messages;

/// <summary>The producer of a program: idempotent, acknowledged by all replicas, keys spread as the Java client spreads them.</summary>
internal sealed class RecordWriter(KafkaConnection kafka) : IDisposable
{
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(5);

    private readonly IProducer<byte[]?, byte[]?> _producer = new ProducerBuilder<byte[]?, byte[]?>(kafka.Configure(new ProducerConfig
        {
            EnableIdempotence = true,
            Acks = Acks.All,
            Partitioner = Partitioner.Murmur2Random,
            LingerMs = 2,
            MessageTimeoutMs = 30_000,
            AllowAutoCreateTopics = false,

            // A record of any size is the broker's to refuse.
            MessageMaxBytes = 1_000_000_000,
            EnableMetricsPush = false,
        }))
        .SetLogHandler((_, message) => ClientLog.Write(kafka.Logger, message))
        .SetErrorHandler((_, _) => { })          // what matters is in the report of each record
        .Build();

    /// <exception cref="OperationException">It was not written.</exception>
    public async Task<StoredPlace> WriteAsync(NewRecord record, CancellationToken ct)
    {
        kafka.EnsureMayChange(record.Topic);
        var message = new Message<byte[]?, byte[]?> { Key = record.Key, Value = record.Value, Headers = [] };
        foreach (var header in record.Headers)
            message.Headers.Add(header.Name, header.Value?.ToArray());
        if (record.TimestampMs is { } time)
            message.Timestamp = new Timestamp(time, TimestampType.CreateTime);
        try
        {
            var written = await _producer.ProduceAsync(new TopicPartition(record.Topic, record.Partition ?? Partition.Any), message, ct);
            return new StoredPlace(written.Topic, written.Partition.Value, written.Offset.Value);
        }
        catch (KafkaException exception)
        {
            throw OperationException.Of(exception.Error, $"topic {record.Topic}");
        }
    }

    public void Dispose()
    {
        _producer.Flush(LastWait);
        _producer.Dispose();
    }
}
