using Confluent.Kafka;

namespace Garam.Messaging.Consuming;

/// <summary>
/// Commits through a change of the group's generation. A broker reads nothing more from a connection while it waits to answer the JoinGroup that came by it:
/// a commit that was sent meanwhile is read when the new generation has begun, and refused because it carries the old one. The partitions are still this member's
/// until it is told otherwise, and by then the client knows the new generation: the same commit, sent again, is accepted.
/// </summary>
internal static class CommitRetry
{
    private const int MostAttempts = 60;

    /// <param name="commit">Throws when it is refused.</param>
    /// <param name="pause">Waits a moment; false: there is no time for another attempt.</param>
    public static void Run(Action commit, Func<bool> pause)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                commit();
                return;
            }
            catch (KafkaException exception) when (IsBetweenGenerations(exception.Error.Code) && attempt < MostAttempts && pause())
            {
                // Again, with the generation that the client has by now.
            }
        }
    }

    private static bool IsBetweenGenerations(ErrorCode code) => code is ErrorCode.IllegalGeneration or ErrorCode.RebalanceInProgress;
}
