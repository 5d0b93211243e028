namespace Garam.Messaging.Producing;

internal sealed class RecordProducer : IRecordProducer
{
    public ValueTask<RecordPosition> ProduceAsync(ProducerRecord record, CancellationToken cancellationToken) => throw new NotImplementedException();
}
