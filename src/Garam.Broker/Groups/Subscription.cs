using System.Diagnostics.CodeAnalysis;
using Garam.Kafka;

namespace Garam.Broker.Groups;

/// <summary>The beginning of the consumer protocol's subscription, the only thing that the broker reads of what members tell each other:</summary>
/// <remarks><code>int16 version | int32 count { string topic } | ... (user data, owned partitions: not ours to read)</code></remarks>
internal static class Subscription
{
    /// <summary>The protocol type of groups whose metadata has this form.</summary>
    public const string ProtocolType = "consumer";

    private const int SmallestString = 2;

    public static bool TryReadTopics(byte[] metadata, [NotNullWhen(true)] out IReadOnlySet<string>? topics)
    {
        topics = null;
        try
        {
            var reader = new ProtocolReader(metadata);
            reader.ReadInt16();
            var left = reader.ReadArrayLength(flexible: false, SmallestString);
            var read = new HashSet<string>(StringComparer.Ordinal);
            for (; left > 0; left--)
            {
                read.Add(reader.ReadString(flexible: false));
            }

            topics = read;
            return true;
        }
        catch (MalformedFrameException)
        {
            return false;
        }
    }
}
