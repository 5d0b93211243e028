using Garam.Kafka;

namespace Garam.Broker.Topics;

/// <summary>What became of a change to a topic.</summary>
/// <param name="Error">None when it was made, or would be made if it were not only validated.</param>
/// <param name="Message">For people: what is wrong and what is allowed.</param>
/// <param name="Topic">The topic after the change, or as it would be (then without partitions).</param>
internal readonly record struct TopicResult(ErrorCode Error, string? Message, Topic? Topic)
{
    private const int LongestMessage = 1000;

    public static TopicResult Failed(ErrorCode error, string message) => new(error, Shorten(message), null);

    /// <summary>Messages repeat what the client said; in older versions they have 16-bit lengths, and an answer that does not fit closes the connection.</summary>
    public static string Shorten(string message) => message.Length <= LongestMessage ? message : string.Concat(message.AsSpan(0, LongestMessage), "...");
}
