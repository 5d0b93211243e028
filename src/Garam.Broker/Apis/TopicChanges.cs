using Garam.Broker.Topics;
using Garam.Kafka;

namespace Garam.Broker.Apis;

/// <summary>Makes a change to topics and gives a failing disk its error code.</summary>
internal static class TopicChanges
{
    public static async ValueTask<TopicResult> TryAsync(Func<ValueTask<TopicResult>> change)
    {
        try
        {
            return await change().ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            return TopicResult.Failed(ErrorCode.KafkaStorageError, exception.Message);
        }
    }
}
