using System.Globalization;
using Garam.Operations.Commands;
using Garam.Operations.Messages;
using Garam.Operations.Queries;
using Microsoft.Extensions.Primitives;

namespace Garam.Console.Messages;

/// <summary>Which part of a topic is looked at first.</summary>
internal enum MessageMode
{
    Newest,
    Oldest,
    Offset,
    Time,
    Live,
}

/// <summary>
/// What the page of a topic's records shows, as its address says it: whoever gets the address sees the same. Fields hold what was typed,
/// mistakes among it, so that the form can show it again; <see cref="ToRequest"/> judges it.
/// </summary>
internal sealed record MessageView(string Topic)
{
    public static readonly IReadOnlyList<int> Limits = [50, 100, 200, 500, 1000];

    /// <summary>Times that are counted from now, as a choice of the form.</summary>
    private static readonly IReadOnlyList<string> Ranges = ["-5m", "-1h", "today"];

    public MessageMode Mode { get; init; } = MessageMode.Newest;

    /// <summary>Empty: all partitions.</summary>
    public string Partition { get; init; } = "";

    /// <summary>First and last offset, in the mode of offsets; the last may be empty.</summary>
    public (string First, string Last) Offsets { get; init; } = ("", "");

    /// <summary>From when to before when, UTC, in the mode of times; the second may be empty.</summary>
    public (string Since, string Until) Times { get; init; } = ("", "");

    /// <summary>Which of the ranges up to now is shown; null: none of them.</summary>
    public string? Range => Mode is MessageMode.Time && Times.Until.Length == 0 && Ranges.Contains(Times.Since) ? Times.Since : null;

    public string Query { get; init; } = "";

    public int Limit { get; init; } = Limits[0];

    /// <summary>Where an earlier look ended; null: this is the first one.</summary>
    public string? Cursor { get; init; }

    /// <param name="topic">The topic.</param>
    /// <param name="field">The fields of an address by their names.</param>
    public static MessageView Of(string topic, Func<string, StringValues> field) => Ranges.Contains(Text(field("from")))
        ? OfFields(topic, field) with { Mode = MessageMode.Time, Times = (Text(field("from")), "") }
        : OfFields(topic, field);

    private static MessageView OfFields(string topic, Func<string, StringValues> field) => new(topic)
    {
        Mode = Enum.TryParse<MessageMode>(field("from"), ignoreCase: true, out var mode) && Enum.IsDefined(mode) ? mode : MessageMode.Newest,
        Partition = Text(field("partition")),
        Offsets = (Text(field("first")), Text(field("last"))),
        Times = (Text(field("since")), Text(field("until"))),
        Query = Text(field("q")),
        Limit = int.TryParse(field("n"), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? Math.Clamp(limit, 1, Limits[^1]) : Limits[0],
        Cursor = Text(field("cursor")) is { Length: > 0 } cursor ? cursor : null,
    };

    /// <exception cref="FormatException">A field makes no sense; a <see cref="QuerySyntaxException"/> says where in the query.</exception>
    public BrowseRequest ToRequest(TimeProvider time) => new(Topic)
    {
        Partitions = Partition.Length == 0 ? null : [Number<int>(Partition, "partition")],
        From = First(),
        Until = Last(),
        Query = ToQuery(time),
        Limit = Limit,
        Order = Mode is MessageMode.Newest ? BrowseOrder.Newest : BrowseOrder.Oldest,
        Cursor = Cursor,
    };

    /// <exception cref="QuerySyntaxException">It is none.</exception>
    public RecordQuery? ToQuery(TimeProvider time) => string.IsNullOrWhiteSpace(Query) ? null : RecordQuery.Parse(Query, time);

    /// <summary>The fields as an address has them; those that say nothing are left out.</summary>
    public string QueryString()
    {
        var fields = new List<(string Name, string Value)>
        {
            ("from", Mode is MessageMode.Newest ? "" : Mode.ToString().ToLowerInvariant()),
            ("partition", Partition),
            ("first", Mode is MessageMode.Offset ? Offsets.First : ""),
            ("last", Mode is MessageMode.Offset ? Offsets.Last : ""),
            ("since", Mode is MessageMode.Time ? Times.Since : ""),
            ("until", Mode is MessageMode.Time ? Times.Until : ""),
            ("q", Query),
            ("n", Limit == Limits[0] ? "" : Limit.ToString(CultureInfo.InvariantCulture)),
            ("cursor", Cursor ?? ""),
        };
        var said = fields.Where(field => field.Value.Length > 0).Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value)}").ToList();
        return said.Count == 0 ? "" : "?" + string.Join('&', said);
    }

    /// <summary>The command that shows the same in a terminal; null while a field makes no sense.</summary>
    public ShellCommand? Command(TimeProvider time)
    {
        try
        {
            return Mode is MessageMode.Live ? RecordCommands.Follow(new TailRequest([Topic]) { Query = ToQuery(time) }) : RecordCommands.Consume(ToRequest(time));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private StartOffset First() => Mode switch
    {
        MessageMode.Offset => At(Offsets.First.Length == 0 ? 0 : Number<long>(Offsets.First, "offset")),
        MessageMode.Time when Times.Since.Length > 0 => StartOffset.Parse("@" + Times.Since),
        _ => StartOffset.Beginning,
    };

    private StartOffset? Last() => Mode switch
    {
        MessageMode.Offset when Offsets.Last.Length > 0 => At(Number<long>(Offsets.Last, "offset") + 1),
        MessageMode.Time when Times.Until.Length > 0 => StartOffset.Parse("@" + Times.Until),
        _ => null,
    };

    private static StartOffset At(long offset) => StartOffset.Parse(offset.ToString(CultureInfo.InvariantCulture));

    private static T Number<T>(string text, string what) where T : System.Numerics.INumber<T> =>
        T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"{text} is not a valid {what}: write a number from 0.");

    private static string Text(StringValues values) => values is [{ } first, ..] ? first.Trim() : "";
}
