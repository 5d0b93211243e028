using Garam.Broker.Apis;
using Garam.Kafka;

namespace Garam.Broker.Network;

/// <summary>The place of one answer in the order of its connection.</summary>
internal sealed class PendingResponse(RequestContext request, int requestBytes)
{
    private volatile bool _isReady;

    public RequestContext Request { get; } = request;

    /// <summary>How large the request was: what it holds on to while it waits grows with that.</summary>
    public int RequestBytes { get; } = requestBytes;

    /// <summary>Null where the client expects no answer.</summary>
    public IMessage? Message { get; private set; }

    public bool IsReady => _isReady;

    public void Complete(IMessage? message)
    {
        Message = message;
        _isReady = true;
    }
}
