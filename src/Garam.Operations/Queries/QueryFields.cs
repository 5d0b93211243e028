using System.Globalization;
using Garam.Operations.Messages;

namespace Garam.Operations.Queries;

/// <summary>The fields that a query can ask, and how each is asked: <c>field:value</c>, <c>field &gt; value</c>, <c>field:from..to</c>, <c>field:*</c>.</summary>
internal sealed class QueryFields(QueryText text, TimeReading reading)
{
    public static readonly IReadOnlyList<string> All = ["key", "value", "headers", "topic", "partition", "offset", "timestamp", "size", "trace"];

    public const string Names = "key, value, value.NAME, headers, headers.NAME, topic, partition, offset, timestamp, size and trace";

    /// <summary>The condition of the field that the text goes on with; null, and nothing is taken, where it does not.</summary>
    public Condition? TryRead()
    {
        var start = text.Column;
        var name = text.TakeUntil(".:<>()\"");
        var path = name is "value" or "headers" && text.Next == '.' ? TakePath(name) : [];
        var afterName = text.Column;
        text.SkipBlanks();
        if (!IsField(name) || (text.Next is not ('<' or '>') && (text.Column != afterName || text.Next != ':')))
        {
            text.Return(start);
            return null;
        }

        return Read(name, path);
    }

    /// <summary>What is searched for as text: wildcards at its ends say nothing.</summary>
    public static IReadOnlyList<string> Text(QueryWord word)
    {
        var pieces = word.Pieces.Where(piece => piece.Length > 0).ToList();
        return pieces.Count > 0 ? pieces : throw new QuerySyntaxException("text is expected here; to ask whether there is any, write key:*, value:* or headers:*.", word.Column);
    }

    private Condition Read(string name, IReadOnlyList<string> path)
    {
        var colon = text.TryTake(':');
        if (colon)
            text.SkipBlanks();
        var comparison = text.TryTakeComparison();
        text.SkipBlanks();
        if (text.IsAtEnd || text.Next is '(' or ')')
            throw new QuerySyntaxException($"a value is expected for {name}; one that has parentheses is put in quotes.", text.Column);
        var word = text.TakeWord();
        return (name, path.Count) switch
        {
            ("key", _) => new KeyCondition(Test(comparison, word)),
            ("value", 0) => InText(name, TextPlaces.Value, comparison, word),
            ("value", _) => new JsonCondition(path, Test(comparison, word)),
            ("headers", 0) => InText(name, TextPlaces.Headers, comparison, word),
            ("headers", _) => new HeaderCondition(path[0], Test(comparison, word)),
            ("topic", _) => new TopicCondition(Test(comparison, word)),
            ("trace", _) => new TraceCondition(Test(comparison, word with { Pieces = [.. word.Pieces.Select(piece => piece.ToLowerInvariant())] })),
            ("timestamp", _) => Time(Interval(comparison, word, ParseTime)),
            ("offset", _) => Number(record => record.Offset, Interval(comparison, word, ParseNumber), (from, to) => new(FromOffset: Math.Max(0, from), ToOffset: to)),
            ("partition", _) => Number(record => record.Partition, Interval(comparison, word, ParseNumber), (from, to) => new(FromPartition: from, ToPartition: to)),
            _ => Number(record => record.Size, Interval(comparison, word, ParseNumber), (_, _) => QueryRange.Everything),
        };
    }

    private static bool IsField(string name) =>
        All.Contains(name);

    /// <summary>Names behind dots. That of a header is one name, dots and all; a name with other characters stands in quotes.</summary>
    private IReadOnlyList<string> TakePath(string name)
    {
        var path = new List<string>();
        while (text.TryTake('.'))
            path.Add(text.Next == '"' ? text.TakeWord().Text : text.TakeUntil(name == "headers" ? ":<>()\"" : ".:<>()\""));
        return path.Contains("") ? throw new QuerySyntaxException("a name is expected behind the dot.", text.Column) : path;
    }

    private static Condition InText(string name, TextPlaces places, Comparison? comparison, QueryWord word)
    {
        if (comparison is not null)
            throw new QuerySyntaxException($"{name} is text, and has no order: compare {name}.NAME.", word.Column);
        if (word is { IsAnything: true, Quoted: false })
            return places is TextPlaces.Value ? new ValueExistsCondition() : new HeadersExistCondition();
        return new TextCondition(places, Text(word));
    }

    private static ValueTest Test(Comparison? comparison, QueryWord word)
    {
        if (comparison is { } how)
            return Compare(how, word, word.Text);
        if (word.Quoted)
            return new EqualTest(word.Text, quoted: true);
        if (word.IsAnything)
            return new ExistsTest();
        if (word.HasWildcard)
            return new WildcardTest(word.Pieces);
        if (word.Text.IndexOf("..", StringComparison.Ordinal) is not (>= 0 and var dots))
            return new EqualTest(word.Text, quoted: false);
        return (word.Text[..dots], word.Text[(dots + 2)..]) switch
        {
            ("", "") => throw NoRange(word),
            ("", var to) => Compare(Comparison.LessOrEqual, word, to),
            (var from, "") => Compare(Comparison.GreaterOrEqual, word, from),
            var (from, to) => new BothTest(Compare(Comparison.GreaterOrEqual, word, from), Compare(Comparison.LessOrEqual, word, to)),
        };
    }

    private static CompareTest Compare(Comparison comparison, QueryWord word, string operand) =>
        word.HasWildcard ? throw new QuerySyntaxException("a wildcard has no order: compare with a value.", word.Column) : new CompareTest(comparison, operand, word.Quoted);

    private static Condition Time((long From, long To) interval) =>
        Number(record => record.TimestampMs, interval, (from, _) => from == long.MinValue ? QueryRange.Everything : new(FromTime: from));

    private static Condition Number(Func<StoredRecord, long?> number, (long From, long To) interval, Func<long, long, QueryRange> range) =>
        new NumberCondition(number, interval.From, interval.To, range(interval.From, interval.To));

    /// <summary>The numbers that are meant, both ends inclusive; no number lies between them where the first is the greater.</summary>
    private static (long From, long To) Interval(Comparison? comparison, QueryWord word, Func<string, QueryWord, (long First, long Last)> parse)
    {
        if (word.IsAnything && comparison is null)
            return (long.MinValue, long.MaxValue);
        if (comparison is null && word.Text.IndexOf("..", StringComparison.Ordinal) is >= 0 and var dots)
        {
            var (from, to) = (word.Text[..dots], word.Text[(dots + 2)..]);
            if (from == "" && to == "")
                throw NoRange(word);
            return (from == "" ? long.MinValue : parse(from, word).First, to == "" ? long.MaxValue : parse(to, word).Last);
        }

        var (first, last) = parse(word.Text, word);
        return comparison switch
        {
            Comparison.Less => first == long.MinValue ? (1, 0) : (long.MinValue, first - 1),
            Comparison.LessOrEqual => (long.MinValue, last),
            Comparison.Greater => last == long.MaxValue ? (1, 0) : (last + 1, long.MaxValue),
            Comparison.GreaterOrEqual => (first, long.MaxValue),
            _ => (first, last),
        };
    }

    private static QuerySyntaxException NoRange(QueryWord word) => new("a range has at least one end: 1..9, 1.. or ..9.", word.Column);

    private static (long, long) ParseNumber(string number, QueryWord word) =>
        long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? (value, value)
            : throw new QuerySyntaxException($"a whole number is expected, or a range like 1..9, not \"{number}\".", word.Column);

    private (long, long) ParseTime(string time, QueryWord word) =>
        QueryTime.Parse(time, reading) is { } found
            ? (found.First, found.Last)
            : throw new QuerySyntaxException($"a time is expected, like 2026-02-14, 2026-02-14T09:30:00Z, -1h, today or milliseconds since 1970, not \"{time}\".", word.Column);
}
