using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Garam.CommandLine;
using Garam.Content.Lives;
using Garam.Import;

namespace Garam.Lives;

/// <summary><c>garam content life ID</c>: what became of a post, step by step, as the running platform tells it.</summary>
internal static class LifeCommand
{
    private static readonly Argument<long> Id = new("ID") { Description = "the post's number" };
    private static readonly Option<OutputFormat?> Shape = Output.Format();

    public static Command Create()
    {
        var command = new Command("life", "Tell what became of a post: written, relayed, moderated, cached, fanned out, indexed") { Id, ContentCommands.Server, Shape };
        command.SetAction(TellAsync);
        return command;
    }

    private static async Task<int> TellAsync(ParseResult parsed, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = parsed.GetRequiredValue(ContentCommands.Server) };
        var id = parsed.GetValue(Id);
        using var answer = await http.GetAsync(string.Create(CultureInfo.InvariantCulture, $"posts/{id}/life"), ct);
        if (answer.StatusCode is HttpStatusCode.NotFound)
            throw new CommandFailure(ExitCode.NotFound, $"there never was a post {id} on {http.BaseAddress}.");
        answer.EnsureSuccessStatusCode();
        var life = await answer.Content.ReadFromJsonAsync<PostLife>(ct) ?? throw new CommandFailure(ExitCode.Failure, "the platform answered nothing.");
        var steps = life.Versions.SelectMany(version => version.Steps.Select(step => (version.Version, Step: step))).ToList();
        Output.PrintOne(Output.Of(parsed, Shape), life, output => Output.WriteTable(output, steps,
            ("VERSION", row => row.Version), ("STEP", row => NameOf(row.Step.Stage)), ("STATE", row => row.Step.State.ToString().ToLowerInvariant()),
            ("AT (UTC)", row => row.Step.At?.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)), ("AFTER MS", row => row.Step.AfterMs),
            ("RECORD", row => row.Step.Record is { } at ? $"{at.Topic}/{at.Partition}/{at.Offset}" : null), ("DETAIL", row => row.Step.Detail.En)));
        return ExitCode.Ok;
    }

    private static string NameOf(LifeStage stage) => stage is LifeStage.FannedOut ? "fanned out" : stage.ToString().ToLowerInvariant();
}
