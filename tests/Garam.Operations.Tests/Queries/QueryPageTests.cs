using System.Text.RegularExpressions;
using Garam.Operations.Messages;
using Garam.Operations.Queries;

namespace Garam.Operations.Tests.Queries;

/// <summary>Asks every example of docs/queries.md of the record that the page shows.</summary>
public sealed partial class QueryPageTests
{
    private static readonly string Page = ReadPage();

    public static IEnumerable<TheoryDataRow<string, bool>> Examples => Row().Matches(Page).Select(row => new TheoryDataRow<string, bool>(row.Groups[1].Value, row.Groups[2].Value == "yes"));

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_of_the_page_is_answered_as_the_page_says(string query, bool finds)
    {
        var parsed = RecordQuery.Parse(query);
        parsed.Matches(Record()).ShouldBe(finds);

        // A query that reads less must still read what it finds.
        if (finds)
        {
            var range = parsed.Range;
            range.HasPartition(3).ShouldBeTrue();
            1042L.ShouldBeInRange(range.FromOffset, range.ToOffset);
            (range.FromTime ?? 0).ShouldBeLessThanOrEqualTo(1771059600000);
        }
    }

    [Fact]
    public void The_page_has_examples() => Examples.Count().ShouldBeGreaterThan(40);

    private static StoredRecord Record()
    {
        var line = RecordLine.Parse(Json().Match(Page).Groups[1].Value);
        var message = line.ToMessage();
        return new StoredRecord(line.Topic!, line.Partition!.Value, line.Offset!.Value, line.Timestamp, message.Key, message.Value,
            [.. message.Headers.Select(header => new Messaging.Producing.RecordHeader(header.Key, header.GetValueBytes()))]);
    }

    private static string ReadPage()
    {
        using var page = new StreamReader(typeof(QueryPageTests).Assembly.GetManifestResourceStream("Docs/queries.md")!);
        return page.ReadToEnd();
    }

    [GeneratedRegex(@"^\| `(.+?)` \| (yes|no)\b", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Json();
}
