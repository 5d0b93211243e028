using Garam.Messaging.Failures;

namespace Garam.Messaging.Producing;

/// <summary>A record was not acknowledged.</summary>
public sealed class ProduceFailedException : Exception, ITransient
{
    internal ProduceFailedException(string topic, string code, string reason, bool isTransient)
        : base($"The record for topic '{topic}' was not acknowledged: {reason} ({code}).")
    {
        (Topic, Code, IsTransient) = (topic, code, isTransient);
    }

    /// <summary>The topic that the record was for.</summary>
    public string Topic { get; }

    /// <summary>Kafka's or librdkafka's name of the error.</summary>
    public string Code { get; }

    /// <summary>True when the same record may be accepted later (no broker, timeout); false when never (too large, no such topic).</summary>
    public bool IsTransient { get; }
}
