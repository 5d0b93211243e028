using System.Collections.Concurrent;
using Garam.Operations;
using Garam.Operations.Topics;

namespace Garam.Console.Snapshots;

/// <summary>
/// Why numbers on lists, which are counted in offsets, are more than there are records. Compaction is seen by one request; transactions only where a topic
/// or a group is looked at by itself, because each partition's last record has to be read for them.
/// </summary>
internal sealed class GapView(TopicOperations topics, TimeProvider time)
{
    /// <summary>Of more topics a page does not say it.</summary>
    private const int MostTopics = 500;

    private const int MostKept = 10_000;

    /// <summary>A page is of use without it, and does not wait for a broker that is away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, OffsetGaps> _known = new(StringComparer.Ordinal);

    /// <param name="names">Topics on a page.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>What is known of them; while no broker answers, what was known before.</returns>
    public async Task<IReadOnlyDictionary<string, OffsetGaps>> OfAsync(IEnumerable<string> names, CancellationToken ct)
    {
        List<string> asked = [.. names.Distinct().Take(MostTopics)];
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            var found = await topics.GapsAsync(asked, either.Token);
            Keep(found);
            return found;
        }
        catch (Exception exception) when (exception is OperationException || (exception is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return asked.Where(_known.ContainsKey).ToDictionary(name => name, name => _known.GetValueOrDefault(name));
        }
    }

    private void Keep(IReadOnlyDictionary<string, OffsetGaps> found)
    {
        if (_known.Count > MostKept)
            _known.Clear();
        foreach (var (name, gaps) in found)
            _known[name] = gaps;
    }
}

/// <summary>Gaps of several topics.</summary>
internal static class GapsOfTopics
{
    /// <summary>Why a sum over topics is more than there are records.</summary>
    public static OffsetGaps Of(this IReadOnlyDictionary<string, OffsetGaps> gaps, IEnumerable<string> topics) =>
        topics.Aggregate(OffsetGaps.None, (all, topic) => all | gaps.GetValueOrDefault(topic));
}
