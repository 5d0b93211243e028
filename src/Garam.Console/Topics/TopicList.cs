using Garam.Console.Snapshots;
using Garam.Operations.DeadLetters;

namespace Garam.Console.Topics;

/// <summary>By what a list of topics is sorted.</summary>
internal enum TopicOrder
{
    Name,
    Partitions,
    Records,
    Rate,
    Lag,
    Size,
}

/// <summary>What of the list is asked for, as the address says it.</summary>
/// <param name="Filter">Words that all occur in the name, in any case.</param>
/// <param name="Internal">Whether Kafka's own topics are listed, too.</param>
/// <param name="Order">By what it is sorted; ties by name.</param>
/// <param name="Descending">The greatest first.</param>
/// <param name="Page">From 1.</param>
internal sealed record TopicListRequest(string Filter, bool Internal, TopicOrder Order, bool Descending, int Page)
{
    /// <param name="filter">Words of the name.</param>
    /// <param name="isInternal">With Kafka's own.</param>
    /// <param name="page">From 1; null: the first.</param>
    /// <param name="sort">As in an address: <c>records</c>, <c>-lag</c>; anything else is by name.</param>
    public static TopicListRequest Of(string? filter, bool isInternal, string? sort, int? page)
    {
        var descending = sort is ['-', ..];
        var order = Enum.TryParse<TopicOrder>(descending ? sort![1..] : sort, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : TopicOrder.Name;
        return new TopicListRequest(filter?.Trim() ?? "", isInternal, order, descending, Math.Max(1, page ?? 1));
    }

    /// <summary>How the address says to sort by a column: the other way round where it is sorted by it already; figures begin with the greatest.</summary>
    public string SortBy(TopicOrder order) =>
        (order == Order ? !Descending : order is not TopicOrder.Name ? true : false) ? $"-{order.ToString().ToLowerInvariant()}" : order.ToString().ToLowerInvariant();
}

/// <summary>A topic in the list.</summary>
/// <param name="Topic">As it was seen.</param>
/// <param name="Letters">Its open dead letters.</param>
/// <param name="Bytes">What its copies take on disk; null: not known.</param>
internal sealed record TopicRow(TopicNow Topic, long Letters, long? Bytes)
{
    /// <summary>The group that is furthest behind; null: none has committed anything.</summary>
    public TopicReader? Worst => Topic.Readers.Where(reader => reader.Coverage.AtMost(reader.Lag) is not null).MaxBy(reader => reader.Coverage.AtMost(reader.Lag));

    /// <summary>Whether each of its groups has certainly read everything.</summary>
    public bool IsCaughtUp => Topic.Readers.Count > 0 && Topic.Readers.All(reader => reader is { Lag: 0, Coverage.IsComplete: true });
}

/// <summary>A page of the list of topics.</summary>
internal sealed record TopicList(IReadOnlyList<TopicRow> Rows, int Total, int Page)
{
    public const int PageSize = 50;

    /// <param name="seen">The cluster.</param>
    /// <param name="deadLetters">Its dead letters, as far as they are known.</param>
    /// <param name="sizes">Bytes by topic, as far as they are known.</param>
    /// <param name="asked">What is asked for.</param>
    public static TopicList Of(Snapshot seen, IEnumerable<DeadLetterTopic> deadLetters, IReadOnlyDictionary<string, long> sizes, TopicListRequest asked)
    {
        var words = asked.Filter.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var found = seen.Topics.Where(topic => (asked.Internal || !topic.Internal) && words.All(word => topic.Name.Contains(word, StringComparison.OrdinalIgnoreCase))).ToList();
        var page = Math.Min(asked.Page, Math.Max(1, (found.Count + PageSize - 1) / PageSize));
        var letters = deadLetters.ToLookup(letters => letters.Source, letters => letters.Open);
        var rows = found.Select(topic => new TopicRow(topic, letters[topic.Name].Sum(), sizes.TryGetValue(topic.Name, out var bytes) ? bytes : null));
        return new TopicList([.. Sorted(rows, asked).Skip((page - 1) * PageSize).Take(PageSize)], found.Count, page);
    }

    private static IEnumerable<TopicRow> Sorted(IEnumerable<TopicRow> rows, TopicListRequest asked)
    {
        if (asked.Order is TopicOrder.Name)
            return asked.Descending ? rows.Reverse() : rows;
        return asked.Descending
            ? rows.OrderByDescending(row => FigureOf(row, asked.Order))
            : rows.OrderBy(row => FigureOf(row, asked.Order));
    }

    // What is not known is less than nothing.
    private static double FigureOf(TopicRow row, TopicOrder order) => order switch
    {
        TopicOrder.Partitions => row.Topic.Partitions,
        TopicOrder.Records => row.Topic.Records ?? -1,
        TopicOrder.Rate => row.Topic.Rate ?? -1,
        TopicOrder.Size => row.Bytes ?? -1,
        _ => row.Worst?.Coverage.AtMost(row.Worst.Lag) ?? -1,
    };
}
