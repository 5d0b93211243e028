using System.Runtime.CompilerServices;
using Garam.Operations.Connections;

namespace Garam.Operations.Messages;

/// <summary>The journey of a record: where it came from, who read it, where it went.</summary>
internal sealed class Journey(KafkaConnection kafka, TimeProvider time, StoredRecord record)
{
    public async IAsyncEnumerable<JourneyStep> RunAsync([EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var reader in await JourneyReaders.FindAsync(kafka, record, ct))
            yield return reader;
        var origins = new HashSet<StoredPlace>();
        foreach (var place in JourneyLinks.OriginsOf(record))
        {
            if (await new Browse(kafka, time, new BrowseRequest(place.Topic) { Partitions = [place.Partition] }).TryReadOneAsync(place.Offset, ct) is { } origin && origins.Add(place))
                yield return new JourneyStep.Found(origin, JourneyLink.Origin, origin.Timestamp - record.Timestamp);
        }

        await foreach (var step in new JourneySearch(kafka, time, record).RunAsync(ct))
        {
            // Found by its name already; its trace is no news.
            if (step is not JourneyStep.Found { Record: var found } || !origins.Contains(found.Place))
                yield return step;
        }
    }
}
