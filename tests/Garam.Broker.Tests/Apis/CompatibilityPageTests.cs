using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Garam.Broker.Apis;
using Garam.Broker.Configuration;
using Garam.Broker.Tests.Configuration;

namespace Garam.Broker.Tests.Apis;

/// <summary>The pages say what the registration says. After a change, run these tests with GARAM_UPDATE_PAGES=1 to write the tables anew.</summary>
public sealed class CompatibilityPageTests
{
    private const string UpdateVariable = "GARAM_UPDATE_PAGES";

    [Fact]
    public async Task One_page_lists_what_is_served_and_honoured()
    {
        await using var broker = await KafkaBroker.StartAsync();
        await CheckAsync("compatibility.md", Served(broker.Apis));
    }

    [Fact]
    public async Task One_page_lists_what_is_different_from_Kafka()
    {
        await using var broker = await KafkaBroker.StartAsync();
        await CheckAsync("differences.md", Differences(broker.Apis));
    }

    private static async Task CheckAsync(string name, IEnumerable<(string Name, string Table)> tables)
    {
        var path = Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../docs", name);
        var page = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var expected = tables.Aggregate(page, (changed, table) => Replace(changed, table.Name, table.Table));
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1") await File.WriteAllTextAsync(path, expected, TestContext.Current.CancellationToken);
        else page.ShouldBe(expected, $"docs/{name} is not what the code says: run this test with {UpdateVariable}=1 and commit the page");
    }

    private static IEnumerable<(string Name, string Table)> Served(ApiTable apis)
    {
        yield return ("apis", Table(["key", "API", "versions"], apis.All.Select(api => new[] { Key(api), $"{api.Key}", Versions(api) })));
        yield return ("topic-settings", Settings(TopicConfigs.All));
        yield return ("broker-settings", Settings(BrokerConfigs.All));
        yield return ("refused-settings", Table(["about", "settings"], KafkaSettings.Of("broker").Where(name => BrokerConfigs.Find(name) is null)
            .GroupBy(name => UnservedConfigs.Subject(name)!).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new[] { group.Key, string.Join(", ", group.Select(name => $"`{name}`")) })));
    }

    private static IEnumerable<(string Name, string Table)> Differences(ApiTable apis)
    {
        yield return ("requests", Table(["key", "API", "what is different"],
            apis.All.Where(api => api.Differences is not null).Select(api => new[] { Key(api), $"{api.Key}", api.Differences! })));
        yield return ("defaults", Table(["setting", "here", "in Kafka", "why"], BrokerConfigs.All.Concat(TopicConfigs.All)
            .Where(config => config.InKafka is not null)
            .Select(config => new[] { $"`{config.Name}`", config.Default, config.InKafka!.Value.Default, config.InKafka.Value.Reason })));
    }

    private static string Key(Api api) => ((int)api.Key).ToString(CultureInfo.InvariantCulture);

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
