using System.Reflection;

namespace Garam.Conformance.Clients;

/// <summary>A client for Node.js: scripts in a folder of <c>tests/conformance</c>, when <c>npm ci</c> has been run there.</summary>
/// <param name="folder">The folder.</param>
/// <param name="package">The client's package.</param>
internal sealed class NodeClient(string folder, string package)
{
    public static readonly NodeClient KafkaJs = new("kafkajs", "kafkajs");
    public static readonly NodeClient Platformatic = new("platformatic", "@platformatic/kafka");
    public static readonly NodeClient NodeRdkafka = new("node-rdkafka", "node-rdkafka");

    private readonly string _folder = Path.Combine(Assembly.GetExecutingAssembly()
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "ConformanceDirectory").Value!, folder);

    // A client that wants a newer Node.js than the system's brings its own.
    private string? Node => Path.Combine(_folder, "node_modules", ".bin", "node") is var own && File.Exists(own) ? own : Tool.Find("node");

    public void Require()
    {
        Assert.SkipWhen(Node is null, "Node.js is not installed");
        Assert.SkipUnless(Directory.Exists(Path.Combine(_folder, "node_modules", package)), $"{package} is not installed: run npm ci in tests/conformance/{folder}");
    }

    /// <summary>Runs one of the scripts in the folder.</summary>
    public async Task<ToolResult> RunAsync(string script, params string[] arguments) =>
        (await Tool.RunAsync(Node!, [Path.Combine(_folder, script), .. arguments], cancellationToken: TestContext.Current.CancellationToken)).Succeeded();
}
