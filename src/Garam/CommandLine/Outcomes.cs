using Garam.Operations;

namespace Garam.CommandLine;

/// <summary>What became of several things: the failure of one is the command's; of several, the others still happened, and that is "partial".</summary>
internal static class Outcomes
{
    /// <param name="format">Programs get a document for each; people read stderr.</param>
    /// <param name="done">What was done, as a participle.</param>
    /// <param name="outcomes">One for each thing.</param>
    /// <param name="tolerated">A kind of failure that the user has said is none.</param>
    /// <returns>The exit code.</returns>
    public static int Report(OutputFormat format, string done, IReadOnlyList<Outcome> outcomes, FailureKind? tolerated)
    {
        foreach (var outcome in outcomes)
            Talk.Say(outcome.Failure is null ? $"{outcome.Name}: {done}" : Told(outcome));
        if (format is not OutputFormat.Table)
            Output.Print(format, outcomes);
        var failures = outcomes.Where(outcome => outcome.Failure is { } failure && failure.Kind != tolerated).ToList();
        return failures.Count == 0 ? ExitCode.Ok : failures.Count < outcomes.Count ? ExitCode.Partial : ExitCode.Of(failures[0].Failure!.Kind);
    }

    // The broker's own words do not always say which topic they mean.
    private static string Told(Outcome outcome) =>
        outcome.Failure!.Message.Contains(outcome.Name, StringComparison.Ordinal) ? outcome.Failure.Message : $"{outcome.Name}: {outcome.Failure.Message}";
}
