using Garam.Broker.Log;
using Garam.Kafka;

namespace Garam.Broker.Apis;

/// <summary>Compares the leader epoch that a client believes in with the partition's (KIP-320).</summary>
internal static class LeaderEpochs
{
    private const int Unknown = -1;

    /// <summary>None when they agree or the client names none.</summary>
    public static ErrorCode Check(PartitionLog log, int clientEpoch)
    {
        if (clientEpoch == Unknown) return ErrorCode.None;
        var epoch = log.LeaderEpoch;
        return clientEpoch == epoch ? ErrorCode.None : clientEpoch < epoch ? ErrorCode.FencedLeaderEpoch : ErrorCode.UnknownLeaderEpoch;
    }
}
