namespace Garam.Broker.Network;

/// <summary>The only answer that the protocol has for this request is to close the connection: a produce with acks=0 that failed, an API that is not served.</summary>
internal sealed class CloseConnectionException(string reason) : Exception(reason);
