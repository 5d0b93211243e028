using System.Reflection;

namespace Garam.Conformance.Clients;

/// <summary>kafkajs, when Node is installed and <c>npm ci</c> has been run in <c>tests/conformance/kafkajs</c>.</summary>
internal static class KafkaJs
{
    private static readonly string? Node = Tool.Find("node");

    private static string Folder { get; } = Path.Combine(Assembly.GetExecutingAssembly()
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "ConformanceDirectory").Value!, "kafkajs");

    public static void Require()
    {
        Assert.SkipWhen(Node is null, "Node.js is not installed");
        Assert.SkipUnless(Directory.Exists(Path.Combine(Folder, "node_modules", "kafkajs")), "kafkajs is not installed: run npm ci in tests/conformance/kafkajs");
    }

    /// <summary>Runs one of the scripts in the folder.</summary>
    public static async Task<ToolResult> RunAsync(string script, params string[] arguments) =>
        (await Tool.RunAsync(Node!, [Path.Combine(Folder, script), .. arguments], cancellationToken: TestContext.Current.CancellationToken)).Succeeded();
}
