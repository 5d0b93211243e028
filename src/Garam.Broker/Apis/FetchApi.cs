using Garam.Broker.Configuration;
using Garam.Broker.Fetching;
using Garam.Broker.Log;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Apis;

/// <summary>
/// Reads records, waiting for them when there are too few. Whole batches only, at least one where there is one; sessions as of KIP-227.
/// </summary>
internal sealed class FetchApi(BrokerServices broker) : Api(ApiKey.Fetch, 4, 18)
{
    private const short TopicIdsFrom = 13;

    private readonly FetchSessions _sessions = new(broker.Config.Get(BrokerConfigs.FetchSessionSlots), broker.Time);
    private readonly int _maxBytes = broker.Config.Get(BrokerConfigs.FetchMaxBytes);

    public override string Differences => "A batch is never cut: what does not fit is left for the next fetch. Followers are answered like consumers.";

    public override ValueTask<IMessage?> HandleAsync(ReadOnlyMemory<byte> body, RequestContext context)
    {
        var reader = new ProtocolReader(body);
        var request = FetchRequest.Read(ref reader, context.Version);
        var limits = new FetchLimits(
            request.MinBytes,
            Math.Clamp(request.MaxBytes, 0, _maxBytes),
            TimeSpan.FromMilliseconds(request.MaxWaitMs),
            request.IsolationLevel == (sbyte)IsolationLevel.ReadCommitted ? IsolationLevel.ReadCommitted : IsolationLevel.ReadUncommitted);
        var plan = _sessions.Plan(request, context.Version >= TopicIdsFrom);
        var answer = new FetchAnswer(plan, limits, broker);
        var enough = ParkedFetch.WaitAsync(plan, limits, broker, context.Closed);
        return enough.IsCompleted ? new(answer) : WaitAsync(enough, answer, context);
    }

    private static async ValueTask<IMessage?> WaitAsync(Task enough, FetchAnswer answer, RequestContext context)
    {
        await enough.ConfigureAwait(false);
        // Nobody is left to read records for.
        return context.Closed.IsCancellationRequested ? null : answer;
    }
}
