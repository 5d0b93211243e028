using Garam.Content.Moderation;
using Garam.Messaging.Failures;

namespace Garam.Content.Tests;

/// <summary>Judges by what a test says: bad when the text holds 나쁨, else good. Counts what it was asked, and can be away.</summary>
internal sealed class ScriptedModerator : IModerator
{
    private int _judged;
    private int _refused;

    public string Policy { get; set; } = "test-1";

    /// <summary>While it is set nobody answers.</summary>
    public volatile bool IsAway;

    public int Judged => _judged;

    /// <summary>Calls that found nobody.</summary>
    public int Refused => _refused;

    /// <summary>Runs within each judgement, before the answer.</summary>
    public Func<Submission, Task>? While { get; set; }

    public async ValueTask<Verdict> JudgeAsync(Submission submission, CancellationToken cancellationToken)
    {
        if (IsAway)
        {
            Interlocked.Increment(ref _refused);
            throw new ModeratorAwayException();
        }

        Interlocked.Increment(ref _judged);
        if (While is { } act)
            await act(submission);
        return submission.Content.Contains("나쁨", StringComparison.Ordinal) ? Verdict.Bad("test") : Verdict.Good(["시험"]);
    }
}

internal sealed class ModeratorAwayException() : Exception("The moderator is away."), ITransient
{
    public bool IsTransient => true;
}
