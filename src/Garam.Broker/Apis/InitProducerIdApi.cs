using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Apis;

/// <summary>Gives idempotent producers their ids; none is given twice, whatever restarts lie between.</summary>
internal sealed class InitProducerIdApi(BrokerServices broker) : Api<InitProducerIdRequest, InitProducerIdResponse>(ApiKey.InitProducerId, 0, 6)
{
    public override string Differences => "Transactions are not served: a request with a transactional id gets UNSUPPORTED_VERSION, which Java clients report as fatal; librdkafka tries until its time limit.";

    protected override async ValueTask<InitProducerIdResponse?> HandleAsync(InitProducerIdRequest request, RequestContext context)
    {
        if (request.TransactionalId is not null) return Failed(ErrorCode.UnsupportedVersion);
        try
        {
            return new InitProducerIdResponse { ProducerId = await broker.Topics.ProducerIds.NextAsync(context.Closed).ConfigureAwait(false) };
        }
        catch (IOException)
        {
            return Failed(ErrorCode.KafkaStorageError);
        }
    }

    private static InitProducerIdResponse Failed(ErrorCode error) => new() { ErrorCode = error, ProducerEpoch = -1 };
}
