namespace Garam.Kafka;

/// <summary>What an <see cref="ErrorCode"/> means to the one who receives it.</summary>
public static class ErrorCodeExtensions
{
    /// <summary>True when the same request may succeed later without a change, as Kafka's own clients decide it.</summary>
    public static bool IsRetriable(this ErrorCode error) => error is
        ErrorCode.CorruptMessage or ErrorCode.UnknownTopicOrPartition or ErrorCode.LeaderNotAvailable or ErrorCode.NotLeaderOrFollower
        or ErrorCode.RequestTimedOut or ErrorCode.ReplicaNotAvailable or ErrorCode.NetworkException or ErrorCode.CoordinatorLoadInProgress
        or ErrorCode.CoordinatorNotAvailable or ErrorCode.NotCoordinator or ErrorCode.NotEnoughReplicas
        or ErrorCode.NotEnoughReplicasAfterAppend or ErrorCode.NotController or ErrorCode.ConcurrentTransactions
        or ErrorCode.KafkaStorageError or ErrorCode.FetchSessionIdNotFound or ErrorCode.InvalidFetchSessionEpoch
        or ErrorCode.ListenerNotFound or ErrorCode.FencedLeaderEpoch or ErrorCode.UnknownLeaderEpoch or ErrorCode.OffsetNotAvailable
        or ErrorCode.PreferredLeaderNotAvailable or ErrorCode.EligibleLeadersNotAvailable or ErrorCode.ElectionNotNeeded
        or ErrorCode.UnstableOffsetCommit or ErrorCode.ThrottlingQuotaExceeded or ErrorCode.UnknownTopicId or ErrorCode.InconsistentTopicId
        or ErrorCode.FetchSessionTopicIdError or ErrorCode.ShareSessionNotFound or ErrorCode.InvalidShareSessionEpoch
        or ErrorCode.ShareSessionLimitReached;

    /// <summary>The name that Kafka's documentation and tools print: <c>NOT_LEADER_OR_FOLLOWER</c>.</summary>
    public static string KafkaName(this ErrorCode error)
    {
        var name = error.ToString();
        var text = new StringBuilder(name.Length + 8);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }
            text.Append(char.ToUpperInvariant(letter));
        }
        return text.ToString();
    }
}
