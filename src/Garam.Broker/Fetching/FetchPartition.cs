using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Fetching;

/// <summary>A partition as requests name it: by the topic's name up to version 12, by its id from 13 on.</summary>
internal readonly record struct FetchKey(string Topic, Guid TopicId, int Partition);

/// <summary>What a client wants of one partition, and within a session what it was told last.</summary>
internal sealed class FetchPartition(FetchKey key)
{
    private const long Nothing = -1;

    private long _toldHighWatermark = Nothing;
    private long _toldLogStart = Nothing;

    public FetchKey Key { get; } = key;

    public long Offset { get; private set; }

    public int MaxBytes { get; private set; }

    public int LeaderEpoch { get; private set; }

    public void Update(FetchRequest.FetchPartition asked)
    {
        Offset = asked.FetchOffset;
        MaxBytes = Math.Max(0, asked.PartitionMaxBytes);
        LeaderEpoch = asked.CurrentLeaderEpoch;
    }

    /// <summary>Whether <paramref name="answer"/> says anything that the client does not know, which it then does. An error is news every time.</summary>
    public bool IsNews(FetchResponse.PartitionData answer)
    {
        if (answer.ErrorCode != ErrorCode.None)
        {
            (_toldHighWatermark, _toldLogStart) = (Nothing, Nothing);
            return true;
        }
        var isNews = answer.Records is { Length: > 0 } || answer.HighWatermark != _toldHighWatermark || answer.LogStartOffset != _toldLogStart;
        (_toldHighWatermark, _toldLogStart) = (answer.HighWatermark, answer.LogStartOffset);
        return isNews;
    }
}
