using Garam.Conformance.Brokers;

namespace Garam.Conformance.Clients;

/// <summary>Apache Kafka's own command-line tools, run by the script in GARAM_ENGINE.</summary>
internal sealed class JavaTools(string bootstrapServers)
{
    public static void Require() =>
        Assert.SkipWhen(ApacheKafka.EngineScript is null, "Kafka's Java tools are not here: set GARAM_ENGINE to a script that runs them");

    public async Task<ToolResult> RunAsync(string tool, string arguments, string input = "") => (await TryAsync(tool, arguments, input)).Succeeded();

    public Task<ToolResult> TryAsync(string tool, string arguments, string input = "")
    {
        string[] all = ["tool", "kafka", tool, "--bootstrap-server", bootstrapServers, .. arguments.Split(' ')];
        return Tool.RunAsync(ApacheKafka.EngineScript!, all, input, TestContext.Current.CancellationToken);
    }
}
