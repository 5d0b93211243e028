using Garam.Kafka;

namespace Garam.Broker.Apis;

/// <summary>
/// One API of the protocol as this broker serves it. There is one file per API: it opens with the versions and with what is
/// deliberately different from Apache Kafka. <see cref="ApiTable"/> holds them all; ApiVersions and the compatibility page are made from it.
/// </summary>
internal abstract class Api(ApiKey key, short minVersion, short maxVersion)
{
    public ApiKey Key { get; } = key;

    public short MinVersion { get; } = minVersion;

    public short MaxVersion { get; } = maxVersion;

    /// <summary>What ApiVersions says; differs from <see cref="MinVersion"/> only where Kafka itself says something else than it serves.</summary>
    public virtual short AdvertisedMinVersion => MinVersion;

    /// <summary>One sentence for the compatibility page: what is deliberately different; null when nothing is.</summary>
    public virtual string? Differences => null;

    /// <summary>Reads a request and starts to answer it. Null means that the client expects no answer (Produce with acks=0).</summary>
    public abstract ValueTask<IMessage?> HandleAsync(ReadOnlyMemory<byte> body, RequestContext context);
}

/// <summary>An <see cref="Api"/> with its message types.</summary>
internal abstract class Api<TRequest, TResponse>(ApiKey key, short minVersion, short maxVersion) : Api(key, minVersion, maxVersion)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage
{
    public sealed override ValueTask<IMessage?> HandleAsync(ReadOnlyMemory<byte> body, RequestContext context)
    {
        var reader = new ProtocolReader(body);
        var answer = HandleAsync(TRequest.Read(ref reader, context.Version), context);
        return answer.IsCompletedSuccessfully ? new ValueTask<IMessage?>(answer.Result) : AwaitAsync(answer);

        static async ValueTask<IMessage?> AwaitAsync(ValueTask<TResponse?> answer) => await answer.ConfigureAwait(false);
    }

    /// <summary>
    /// Runs on the thread that read the request, which must not block: no fsync, no lock that is held during one. The answer may
    /// complete later and from any thread; answers still leave in the order of the requests of the connection.
    /// </summary>
    /// <remarks>
    /// The byte fields of <paramref name="request"/> are slices of the receive buffer. They are valid until this method returns its
    /// task (until its first await): copy what is kept longer. Throwing closes the connection; errors of the protocol are answers.
    /// </remarks>
    protected abstract ValueTask<TResponse?> HandleAsync(TRequest request, RequestContext context);
}
