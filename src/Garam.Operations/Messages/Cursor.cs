using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace Garam.Operations.Messages;

/// <summary>
/// Where a browse or a tail goes on, as text that its holder need not understand: <c>older TOPIC 0:15 1:20</c>, in base64 that a URL can hold. Read
/// back from a URL, it is not to be trusted: it names offsets, and those are brought into the bounds of the partitions.
/// </summary>
/// <param name="Order">Newest: the offsets are the first that are no longer read. Oldest: the first that are.</param>
/// <param name="Offsets">By partition. One that is missing has nothing older; or, read forward, is new.</param>
internal sealed record Cursor(BrowseOrder Order, IReadOnlyDictionary<TopicPartition, long> Offsets)
{
    private const int MaxLength = 1024 * 1024;

    public static string Older(IReadOnlyDictionary<TopicPartition, long> offsets) => new Cursor(BrowseOrder.Newest, offsets).ToString();

    public static string Newer(IReadOnlyDictionary<TopicPartition, long> offsets) => new Cursor(BrowseOrder.Oldest, offsets).ToString();

    /// <exception cref="OperationException">The text is no cursor.</exception>
    public static Cursor Parse(string text)
    {
        if (text.Length <= MaxLength && Base64Url.IsValid(text) && TryRead(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text))) is { } cursor)
            return cursor;
        throw new OperationException(FailureKind.Invalid, "the cursor is not valid: begin the list again.");
    }

    public override string ToString()
    {
        var text = new StringBuilder(Order is BrowseOrder.Newest ? "older" : "newer");
        foreach (var topic in Offsets.GroupBy(offset => offset.Key.Topic))
        {
            text.Append(' ').Append(topic.Key);
            foreach (var (partition, offset) in topic.OrderBy(pair => pair.Key.Partition.Value))
                text.Append(CultureInfo.InvariantCulture, $" {partition.Partition.Value}:{offset}");
        }

        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static Cursor? TryRead(string text)
    {
        var words = text.Split(' ');
        var offsets = new Dictionary<TopicPartition, long>();
        string? topic = null;
        foreach (var word in words.Skip(1))
        {
            // A topic's name has no colon.
            if (word.Split(':') is not [var partition, var offset])
                topic = word;
            else if (topic is not null && int.TryParse(partition, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var place))
                offsets[new TopicPartition(topic, number)] = place;
            else
                return null;
        }

        return words[0] switch
        {
            "older" => new Cursor(BrowseOrder.Newest, offsets),
            "newer" => new Cursor(BrowseOrder.Oldest, offsets),
            _ => null,
        };
    }
}
