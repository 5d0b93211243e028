using Garam.Kafka.Generator.Schema;
using Garam.Kafka.Tests.Golden;

namespace Garam.Kafka.Tests.Generator;

/// <summary>The page that explains the notation, against what it explains.</summary>
public sealed class NotationPageTests
{
    private static readonly string Page = GoldenFile.Text("Docs/messages.md");

    [Fact]
    public void The_example_is_the_schema_itself()
    {
        var example = Page.Split("```")[1].TrimStart('\n');
        example.ShouldBe(GoldenFile.Text("Messages/16_ListGroups.kafka"));
    }

    [Fact]
    public void Every_primitive_type_is_explained()
    {
        foreach (var type in (string[])["bool", "int8", "int16", "uint16", "int32", "uint32", "int64", "float64", "error", "uuid", "string", "bytes", "records"])
        {
            FieldType.Primitive(type).ShouldNotBeNull(type);
            Page.ShouldContain($"`{type}`");
        }
    }
}
