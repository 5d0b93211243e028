using System.Globalization;
using Garam.Messaging.Failures;
using Garam.Operations.Queries;

namespace Garam.Operations.Messages;

/// <summary>What ties records together: one trace, or a header that names the place of the other.</summary>
internal static class JourneyLinks
{
    /// <summary>The records that this one says it comes from.</summary>
    public static IEnumerable<StoredPlace> OriginsOf(StoredRecord record)
    {
        StoredPlace?[] named = [LetterOrigin(record), StoredPlace.TryParseHeader(record.Header(RedriveHeaders.From)), StoredPlace.TryParseHeader(record.Header(CopyRequest.OriginHeader))];
        return named.OfType<StoredPlace>().Distinct();
    }

    /// <summary>What ties the other record to this one; null: nothing does.</summary>
    /// <param name="record">Whose journey it is.</param>
    /// <param name="trace">Its trace id, if it has one.</param>
    /// <param name="other">A record that came by.</param>
    public static JourneyLink? Of(StoredRecord record, string? trace, StoredRecord other)
    {
        if (other.Headers.Count == 0 || other.Place == record.Place)
            return null;
        return LetterOrigin(other) == record.Place ? JourneyLink.DeadLetter
            : StoredPlace.TryParseHeader(other.Header(RedriveHeaders.From)) == record.Place ? JourneyLink.Redrive
            : StoredPlace.TryParseHeader(other.Header(CopyRequest.OriginHeader)) == record.Place ? JourneyLink.Copy
            : trace is not null && TraceId.Of(other) == trace ? JourneyLink.Trace
            : null;
    }

    /// <summary>Where a dead letter went when it was sent back, as a marker in its topic says; null: the record is no such marker, or is that of another letter.</summary>
    public static StoredPlace? RedriveOf(StoredPlace letter, StoredRecord marker) =>
        marker.Value is null && marker.Topic == letter.Topic && marker.Header(RedriveHeaders.Of) is { } of && of == string.Create(CultureInfo.InvariantCulture, $"{letter.Partition}:{letter.Offset}")
            ? StoredPlace.TryParseHeader(marker.Header(RedriveHeaders.To))
            : null;

    private static StoredPlace? LetterOrigin(StoredRecord letter) =>
        letter.Header(DeadLetterHeaders.Topic) is { } topic
        && int.TryParse(letter.Header(DeadLetterHeaders.Partition), NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
        && long.TryParse(letter.Header(DeadLetterHeaders.Offset), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? new StoredPlace(topic, partition, offset)
            : null;
}
