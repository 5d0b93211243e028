using System.Text.Json;
using System.Text.Json.Nodes;
using Garam.CommandLine;
using YamlDotNet.RepresentationModel;

namespace Garam.Tests.CommandLine;

/// <summary>What we write as YAML, a reader of somebody else's takes for the same document.</summary>
public sealed class YamlTests
{
    [Theory]
    [InlineData("""{"a":"no","b":"0755","c":"1e3","d":"2026-11-21","e":"null","f":"~","g":"","h":" x","i":"x: y","j":"# c","k":"- l","l":"yes","m":"1_000","n":".inf","o":"=","p":"<<"}""")]
    [InlineData("""{"text":"가람 \"q\" \\ \n\r\t\u0000\u001b\u0085\u2028\u202e\ufeff\ud83d\udef6"}""")]
    [InlineData("""{"no":1,"123":2,"":3,"a b":4,"x:":5}""")]
    [InlineData("""[{"a":[],"b":{},"c":[[1,2],[]],"d":[{"e":[{"f":null}]}]},[],{},"x",1.50,9007199254740993,-0,true,null]""")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"plain\"")]
    public void It_reads_as_what_it_was(string json)
    {
        var output = new StringWriter();
        Yaml.Write(output, JsonNode.Parse(json));
        var stream = new YamlStream();
        stream.Load(new StringReader(output.ToString()));
        Json(stream.Documents.Single().RootNode).ShouldBe(Json(JsonNode.Parse(json)), output.ToString());
    }

    [Fact]
    public void Words_stay_bare_and_everything_that_could_be_something_else_is_quoted()
    {
        var output = new StringWriter();
        Yaml.Write(output, JsonNode.Parse("""{"state":"Stable","topic":"orders.billing.dlt","ms":"86400000","off":"off","n":7}"""));
        output.ToString().ShouldBe("state: Stable\ntopic: orders.billing.dlt\nms: \"86400000\"\n\"off\": \"off\"\n\"n\": 7\n");
    }

    // Strings are told from everything else by their style: a bare word that is one of the words that mean something is none.
    private static string Json(YamlNode node) => node switch
    {
        YamlMappingNode map => $"{{{string.Join(',', map.Children.Select(child => $"{Json(child.Key)}:{Json(child.Value)}"))}}}",
        YamlSequenceNode list => $"[{string.Join(',', list.Children.Select(Json))}]",
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: var bare } when bare is "null" or "true" or "false" || double.TryParse(bare, out _) => bare!,
        YamlScalarNode { Value: var text } => JsonSerializer.Serialize(text),
        _ => throw new InvalidOperationException(node.GetType().Name),
    };

    private static string Json(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject map => $"{{{string.Join(',', map.Select(pair => $"{JsonSerializer.Serialize(pair.Key)}:{Json(pair.Value)}"))}}}",
        JsonArray list => $"[{string.Join(',', list.Select(Json))}]",
        _ when node.GetValueKind() is JsonValueKind.String => JsonSerializer.Serialize(node.GetValue<string>()),
        _ => node.ToJsonString(),
    };
}
