using System.Text.Json.Nodes;
using Garam.Conformance.Brokers;

namespace Garam.Conformance.Clients;

/// <summary>A script has a conversation with a broker about a topic and a group of a new name, and prints what it was answered as JSON.</summary>
internal static class NodeConversation
{
    public static async Task IsAnsweredAsync(NodeClient client, string script, TestedBroker broker, string expected)
    {
        client.Require();
        var bootstrap = await broker.BootstrapServersAsync();
        var answers = (await client.RunAsync(script, bootstrap, $"node-{Guid.NewGuid():n}")).Output;
        Lines(answers).ShouldBe(Lines(expected));
    }

    // One line for each answer: a difference shows as the one that differs.
    private static string Lines(string json) => string.Join('\n', JsonNode.Parse(json)!.AsObject().Select(answer => $"{answer.Key}: {answer.Value?.ToJsonString()}"));
}
