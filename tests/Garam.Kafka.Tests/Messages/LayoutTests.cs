using Garam.Kafka.Generator.Schema;
using Garam.Kafka.Tests.Golden;

namespace Garam.Kafka.Tests.Messages;

/// <summary>
/// The facts in our schema files (names, types, versions, nullability, tags) against those of Kafka's compiled schemas. The round trips
/// cannot see two integers swapped or a name misspelt; this does.
/// </summary>
public sealed class LayoutTests
{
    private static readonly IReadOnlyList<MessageSpec> Specs = [.. GoldenFile.Names("Messages/")
        .SelectMany(name => SchemaParser.Parse(GoldenFile.Text(name)).Messages)];

    [Fact]
    public void Every_version_of_every_message_is_laid_out_as_in_Apache_Kafka()
    {
        var previous = "";
        var compared = 0;
        foreach (var words in GoldenFile.Lines("layouts.txt"))
        {
            var (name, version) = (words[0], int.Parse(words[1]));
            var expected = string.Join(' ', words[2..]);
            expected = expected == "=" ? previous : expected;
            previous = expected;
            var spec = Specs.Single(spec => spec.Name == name);
            Layout(spec, spec.Body, version).ShouldBe(expected, $"{name} version {version}");
            compared++;
        }
        compared.ShouldBe(Specs.Sum(spec => spec.Versions.Last - spec.Versions.First + 1));
    }

    [Fact]
    public void The_table_of_apis_says_what_the_schemas_say()
    {
        ApiInfo.All.Select(api => (int)api.Api).ShouldBe([0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19, 20, 21, 22, 23, 32, 33, 34, 35, 37, 42, 43, 44, 45, 46, 47, 55, 57, 60, 64, 74, 75]);
        ApiInfo.For(ApiKey.Fetch).ShouldBe(new ApiInfo(ApiKey.Fetch, 4, 18, 12));
        ApiInfo.For(ApiKey.DescribeCluster).ShouldBe(new ApiInfo(ApiKey.DescribeCluster, 0, 2, 0));
        ApiInfo.For(ApiKey.LeaderAndIsr).ShouldBeNull();
        ApiInfo.For((ApiKey)(-1)).ShouldBeNull();
        ApiInfo.For((ApiKey)short.MaxValue).ShouldBeNull();
    }

    private static string Layout(MessageSpec message, StructSpec type, int version)
    {
        var fields = type.Fields.Where(field => field.Versions.Contains(version)).ToList();
        var parts = fields.Where(field => field.Tag is null).Select(field => Layout(message, field, version)).ToList();
        if (message.Flexible.Contains(version))
        {
            var tagged = fields.Where(field => field.Tag is not null)
                .OrderBy(field => field.Tag)
                .Select(field => $"{field.Tag}={Layout(message, field, version)}");
            parts.Add($"<{string.Join(' ', tagged)}>");
        }
        return string.Join(' ', parts);
    }

    private static string Layout(MessageSpec message, FieldSpec field, int version)
    {
        var type = field.Type.IsStruct
            ? $"({Layout(message, message.Structs.Single(other => other.Name == field.Type.Name), version)})"
            : field.Type.Name == "error" ? "int16" : field.Type.Name;
        var array = field.IsArray ? $"[{type}]" : type;
        return $"{field.Name}:{array}{(field.Nullable.Contains(version) ? "?" : "")}";
    }
}
