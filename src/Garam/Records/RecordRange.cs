using System.CommandLine;
using System.CommandLine.Parsing;
using Garam.CommandLine;
using Garam.Completion;
using Garam.Operations.Messages;
using Garam.Operations.Queries;

namespace Garam.Records;

/// <summary>The options that say which records of a topic are meant: the same for every command that takes many.</summary>
internal sealed class RecordRange
{
    private readonly Option<int[]> _partitions = new("--partition", "-p") { Description = "of this partition alone; may be given several times", HelpName = "N" };
    private readonly Option<StartOffset?> _from = StartOption();
    private readonly Option<StartOffset?> _until = new("--until") { Description = "end before an offset, or before @TIME; the end of now if left out", HelpName = "OFFSET|@TIME", CustomParser = ParseOffset };
    private readonly Option<RecordQuery?> _where = WhereOption();
    private readonly Option<int?> _count = new("--count", "-n") { Description = "at most this many records", HelpName = "N" };

    public IEnumerable<Option> Options => [_partitions, _from, _until, _where, _count];

    public static Option<StartOffset?> StartOption() => new Option<StartOffset?>("--offset", "-O")
    {
        Description = "begin at: start (if left out), end (what comes from now on), an offset, -N for the last N of each partition, -1h for that long ago, or @TIME (ISO 8601, milliseconds, @today)",
        HelpName = "OFFSET",
        CustomParser = ParseOffset,
    }.OfPlaces();

    public static Option<RecordQuery?> WhereOption() => new("--where", "-w")
    {
        Description = "only records that match a query, for example 'value.amount>100 and not key:test*' (see docs/queries.md)",
        HelpName = "QUERY",
        CustomParser = result => Parsing.Checked(result, text => RecordQuery.Parse(text, LocalTime.Reading)),
    };

    private static StartOffset? ParseOffset(ArgumentResult result) => Parsing.Checked(result, text => StartOffset.Parse(text, LocalTime.Reading));

    public BrowseRequest Of(ParseResult parsed, string topic) => new(topic)
    {
        Partitions = parsed.GetValue(_partitions) is { Length: > 0 } some ? some : null,
        From = parsed.GetValue(_from) ?? StartOffset.Beginning,
        Until = parsed.GetValue(_until),
        Query = parsed.GetValue(_where),
        Limit = parsed.GetValue(_count),
    };
}
