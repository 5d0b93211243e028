using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Apis;

/// <summary>Forgetting a broker: the only one is running.</summary>
internal sealed class UnregisterBrokerApi() : Api<UnregisterBrokerRequest, UnregisterBrokerResponse>(ApiKey.UnregisterBroker, 0, 0)
{
    public override string Differences => "The one broker cannot be unregistered: INVALID_REQUEST.";

    protected override ValueTask<UnregisterBrokerResponse?> HandleAsync(UnregisterBrokerRequest request, RequestContext context) => new(
        request.BrokerId == context.Node.Id
            ? new UnregisterBrokerResponse { ErrorCode = ErrorCode.InvalidRequest, ErrorMessage = $"Broker {request.BrokerId} is the only one, and it is running." }
            : new UnregisterBrokerResponse { ErrorCode = ErrorCode.BrokerIdNotRegistered, ErrorMessage = $"There is no broker {request.BrokerId}." });
}
