using System.Text.RegularExpressions;
using Garam.Messaging.Failures;
using Garam.Messaging.Telemetry;

namespace Garam.Messaging.Tests.Docs;

/// <summary>docs/messaging.md says what the code does.</summary>
public sealed class DocumentTests
{
    private static readonly string Root = FindRoot();
    private static readonly string Document = File.ReadAllText(Path.Combine(Root, "docs", "messaging.md"));

    [Fact]
    public void Every_option_is_listed_and_nothing_else_is() =>
        Names(@"^\| `([A-Z]\w+)` \|", Section("Options")).ShouldBe(typeof(MessagingOptions).GetProperties().Select(property => property.Name), ignoreOrder: true);

    [Fact]
    public void Every_header_of_a_dead_letter_is_listed_and_nothing_else_is() =>
        Names(@"`(garam\.dlt\.\w+)`").ShouldBe(typeof(DeadLetterHeaders).GetFields().Select(field => (string)field.GetRawConstantValue()!), ignoreOrder: true);

    [Fact]
    public void Every_instrument_is_listed_and_nothing_else_is()
    {
        using var telemetry = new MessagingTelemetry();
        var names = new List<string>();
        using var listener = new System.Diagnostics.Metrics.MeterListener
        {
            InstrumentPublished = (instrument, _) => names.Add(instrument.Name),
        };
        new ConsumerGauges([]).AddTo(telemetry);
        listener.Start();
        Names(@"`(garam\.messaging\.[\w.]+)`").ShouldBe(names.Where(name => name.StartsWith("garam.messaging.", StringComparison.Ordinal)).Distinct(), ignoreOrder: true);
    }

    private static string Section(string title) => Regex.Match(Document, $"^## {title}\n(.*?)^## ", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value
        .Replace("| `MessagingOptions` |", "", StringComparison.Ordinal);

    private static IEnumerable<string> Names(string pattern, string? text = null) =>
        Regex.Matches(text ?? Document, pattern, RegexOptions.Multiline).Select(match => match.Groups[1].Value).Distinct();

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Garam.slnx")))
        {
            directory = directory.Parent ?? throw new DirectoryNotFoundException("No folder above the tests holds Garam.slnx.");
        }

        return directory.FullName;
    }
}
