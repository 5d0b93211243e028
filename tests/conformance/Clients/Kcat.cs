namespace Garam.Conformance.Clients;

/// <summary>kcat, on whatever librdkafka the system has.</summary>
internal sealed class Kcat(string bootstrapServers)
{
    private static readonly string? Program = Tool.Find("kcat");

    public static void Require() => Assert.SkipWhen(Program is null, "kcat is not installed");

    public async Task<ToolResult> RunAsync(string arguments, string input = "") =>
        (await TryAsync(arguments, input)).Succeeded();

    public Task<ToolResult> TryAsync(string arguments, string input = "") =>
        Tool.RunAsync(Program!, ["-b", bootstrapServers, .. arguments.Split(' ')], input, TestContext.Current.CancellationToken);
}
