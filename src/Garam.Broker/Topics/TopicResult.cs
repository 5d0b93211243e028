using Garam.Kafka;

namespace Garam.Broker.Topics;

/// <summary>What became of a change to a topic.</summary>
/// <param name="Error">None when it was made, or would be made if it were not only validated.</param>
/// <param name="Message">For people: what is wrong and what is allowed.</param>
/// <param name="Topic">The topic after the change, or as it would be (then without partitions).</param>
internal readonly record struct TopicResult(ErrorCode Error, string? Message, Topic? Topic)
{
    public static TopicResult Failed(ErrorCode error, string message) => new(error, message, null);
}
