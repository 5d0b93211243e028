using Garam.Broker.Apis;
using Garam.Kafka;

namespace Garam.Broker.Network;

/// <summary>Finds the handler of a frame and starts it.</summary>
internal sealed class RequestDispatcher(ApiTable apis)
{
    /// <summary>Takes the request's place in <paramref name="responses"/> and starts to answer it.</summary>
    /// <returns>The answer to come, when it is not there yet; its place is to be completed with it.</returns>
    /// <exception cref="MalformedFrameException">The frame is not a request.</exception>
    /// <exception cref="CloseConnectionException">Nothing can be answered.</exception>
    public (PendingResponse Place, ValueTask<IMessage?> Answer) Dispatch(ReadOnlyMemory<byte> frame, ClientConnection connection, ResponseQueue responses)
    {
        var reader = new ProtocolReader(frame);
        var header = RequestHeader.Read(ref reader);
        var (api, version) = Find(header);
        var request = new RequestContext(header.Api, version, header.CorrelationId, header.ClientId, connection);
        var place = responses.Add(request, frame.Length);
        if (version != header.Version) return (place, new(ApiVersionsApi.UnsupportedVersion(apis)));
        return (place, api.HandleAsync(frame[reader.Position..], request));
    }

    private (Api Api, short Version) Find(RequestHeader header)
    {
        if (apis.TryFind(header.Api, out var api))
        {
            if (header.Version >= api.MinVersion && header.Version <= api.MaxVersion) return (api, header.Version);
            // The one request that is sent before the client knows our versions: it gets the oldest body, with our versions in it (KIP-511).
            if (header.Api == ApiKey.ApiVersions) return (api, 0);
        }
        throw new CloseConnectionException($"{header.Api} version {header.Version} is not served");
    }
}
