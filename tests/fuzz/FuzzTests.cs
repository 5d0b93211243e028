namespace Garam.Fuzz;

/// <summary>A few seconds of each target; <c>tests/fuzz/run</c> goes on for as long as one likes.</summary>
public sealed class FuzzTests
{
    [Theory]
    [InlineData("requests", 20_000, ": answered", ": closed, malformed", ": closed, refused", ": waits")]
    [InlineData("batches", 30_000, "accepted: None", "accepted: Gzip", "refused: CorruptMessage", "refused: InvalidRecord", "known already")]
    [InlineData("streams", 50_000, "cut: whole", "cut: the last frame waits for more", "closed: impossible size")]
    public void Mutated_input_is_answered_or_refused_and_never_a_surprise(string target, long inputs, params string[] outcomes)
    {
        var report = new Fuzzer(new FuzzOptions { Inputs = inputs, Seed = 20261121, Target = target }, _ => { }).Run();
        report.Findings.ShouldBeEmpty();
        // A fuzzer whose inputs are all refused at the door finds nothing.
        foreach (var outcome in outcomes) report.CountOf(target, outcome).ShouldBeGreaterThan(inputs / 1000, outcome);
    }
}
