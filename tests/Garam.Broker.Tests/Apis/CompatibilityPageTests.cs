using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Garam.Broker.Apis;
using Garam.Broker.Configuration;
using Garam.Broker.Tests.Configuration;

namespace Garam.Broker.Tests.Apis;

/// <summary>The page says what the registration says. After a change, run this test with GARAM_UPDATE_PAGES=1 to write the tables anew.</summary>
public sealed class CompatibilityPageTests
{
    private const string UpdateVariable = "GARAM_UPDATE_PAGES";

    [Fact]
    public async Task The_page_lists_what_is_served_and_honoured()
    {
        await using var broker = await KafkaBroker.StartAsync();
        var path = Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../docs/compatibility.md");
        var page = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var expected = page;
        foreach (var (name, table) in Tables(broker.Apis)) expected = Replace(expected, name, table);
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1") await File.WriteAllTextAsync(path, expected, TestContext.Current.CancellationToken);
        else page.ShouldBe(expected, $"docs/compatibility.md is not what the code says: run this test with {UpdateVariable}=1 and commit the page");
    }

    private static IEnumerable<(string Name, string Table)> Tables(ApiTable apis)
    {
        yield return ("apis", Table(["key", "API", "versions", "different from Apache Kafka"],
            apis.All.Select(api => new[] { ((int)api.Key).ToString(CultureInfo.InvariantCulture), $"{api.Key}", Versions(api), api.Differences ?? "" })));
        yield return ("topic-settings", Settings(TopicConfigs.All));
        yield return ("broker-settings", Settings(BrokerConfigs.All));
        yield return ("refused-settings", Table(["about", "settings"], KafkaSettings.Of("broker").Where(name => BrokerConfigs.Find(name) is null)
            .GroupBy(name => UnservedConfigs.Subject(name)!).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new[] { group.Key, string.Join(", ", group.Select(name => $"`{name}`")) })));
    }

    private static string Versions(Api api) =>
        api.AdvertisedMinVersion == api.MinVersion ? $"{api.MinVersion}–{api.MaxVersion}" : $"{api.MinVersion}–{api.MaxVersion} (advertised from {api.AdvertisedMinVersion})";

    private static string Settings(IEnumerable<ConfigDefinition> configs) => Table(["setting", "default", "meaning"],
        configs.Select(config => new[] { $"`{config.Name}`", config.Default == long.MaxValue.ToString(CultureInfo.InvariantCulture) ? "no limit" : config.Default, config.Documentation }));

    private static string Table(string[] head, IEnumerable<string[]> rows)
    {
        var table = new StringBuilder();
        foreach (var row in new[] { head, [.. head.Select(_ => "---")] }.Concat(rows)) table.Append("| ").AppendJoin(" | ", row).Append(" |\n");
        return table.ToString();
    }

    private static string Replace(string page, string name, string table)
    {
        var (begin, end) = ($"<!-- {name} -->\n", $"<!-- /{name} -->");
        var from = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = page.IndexOf(end, StringComparison.Ordinal);
        return page[..from] + table + page[to..];
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
