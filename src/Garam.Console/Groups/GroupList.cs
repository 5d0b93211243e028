using System.Globalization;
using Garam.Operations.Groups;

namespace Garam.Console.Groups;

/// <summary>One line of the list of groups.</summary>
/// <param name="Name">The group's id: any text at all.</param>
/// <param name="State">Its state, by Kafka's name.</param>
/// <param name="Members">How many consumers it has; null where the coordinator did not say.</param>
/// <param name="Topics">The topics that it has positions in.</param>
/// <param name="Lag">Unread records; null where unknown.</param>
/// <param name="Behind">Age of the oldest unread record; null where unknown.</param>
/// <param name="Reading">How it is doing.</param>
public sealed record GroupRow(string Name, string State, int? Members, IReadOnlyList<string> Topics, long? Lag, TimeSpan? Behind, ReadingState Reading)
{
    /// <summary>Which partitions the lag counts; null where unknown.</summary>
    public LagCoverage? Coverage { get; init; }

    /// <summary>Why it raises no alarm; null: it does.</summary>
    public Silence? Silence { get; init; }
}

/// <summary>What of the list is looked at: all of it stands in the address of the page, so that a view can be sent to somebody.</summary>
public sealed record GroupList(string Search, string State, GroupSort Sort, bool Descending, int Page)
{
    /// <summary>Lines of a page.</summary>
    public const int PageSize = 50;

    public static GroupList Of(string? search, string? state, string? sort, string? order, string? page)
    {
        var by = Enum.TryParse<GroupSort>(sort, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : GroupSort.Lag;
        // Trouble first, names from A: the order that one expects of the column unless one asks for the other.
        var descending = order switch { "asc" => false, "desc" => true, _ => by is not GroupSort.Name };
        return new GroupList(search?.Trim() ?? "", state ?? "", by, descending, int.TryParse(page, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : 1);
    }

    public IReadOnlyList<GroupRow> Matching(IEnumerable<GroupRow> rows) => [.. Sorted(rows.Where(Shows))];

    public static IEnumerable<GroupRow> PageOf(IReadOnlyList<GroupRow> rows, int page) => rows.Skip((page - 1) * PageSize).Take(PageSize);

    /// <summary>The address of this view with something else about it.</summary>
    public string Address(GroupSort? sort = null, int? page = null)
    {
        var by = sort ?? Sort;
        var descending = sort is null ? Descending : sort == Sort ? !Descending : by is not GroupSort.Name;
        var query = new List<string> { $"sort={by.ToString().ToLowerInvariant()}", $"order={(descending ? "desc" : "asc")}" };
        if (Search.Length > 0)
            query.Add($"q={Uri.EscapeDataString(Search)}");
        if (State.Length > 0)
            query.Add($"state={Uri.EscapeDataString(State)}");
        if (page > 1)
            query.Add(string.Create(CultureInfo.InvariantCulture, $"page={page}"));
        return $"/console/groups?{string.Join('&', query)}";
    }

    private bool Shows(GroupRow row) =>
        (Search.Length == 0 || row.Name.Contains(Search, StringComparison.OrdinalIgnoreCase) || row.Topics.Any(topic => topic.Contains(Search, StringComparison.OrdinalIgnoreCase)))
        && (State.Length == 0 || (State.Equals("silent", StringComparison.OrdinalIgnoreCase) && row.Silence is not null) || row.State.Equals(State, StringComparison.OrdinalIgnoreCase) || row.Reading.ToString().Equals(State, StringComparison.OrdinalIgnoreCase));

    private IEnumerable<GroupRow> Sorted(IEnumerable<GroupRow> rows)
    {
        var byName = rows.OrderBy(row => row.Name, StringComparer.Ordinal);
        return Sort switch
        {
            GroupSort.Name => Descending ? byName.Reverse() : byName,
            GroupSort.State => By(byName, row => row.State),
            GroupSort.Members => By(byName, row => row.Members ?? -1),
            GroupSort.Behind => By(byName, row => row.Behind ?? TimeSpan.MinValue),
            GroupSort.Verdict => By(byName, row => row.Reading),
            _ => By(byName, row => row.Coverage?.AtMost(row.Lag) ?? row.Lag ?? -1),
        };
    }

    // Both keep the order by name among equals: OrderBy is stable.
    private IEnumerable<GroupRow> By<T>(IEnumerable<GroupRow> rows, Func<GroupRow, T> key) => Descending ? rows.OrderByDescending(key) : rows.OrderBy(key);
}

/// <summary>The columns that the list can be sorted by.</summary>
public enum GroupSort
{
    Lag,
    Name,
    State,
    Members,
    Behind,
    Verdict,
}
