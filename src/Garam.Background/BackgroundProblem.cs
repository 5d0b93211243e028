namespace Garam.Background;

/// <summary>Background work that has failed and has not completed a run since.</summary>
/// <param name="Work">The name of the work.</param>
/// <param name="Failure">What it threw last.</param>
/// <param name="Since">When it first failed.</param>
/// <param name="Failures">How often it has failed since then.</param>
/// <param name="IsStopped">Whether it has ended for good.</param>
public sealed record BackgroundProblem(string Work, Exception Failure, DateTimeOffset Since, int Failures, bool IsStopped)
{
    /// <summary>One sentence for health pages.</summary>
    public string Message => IsStopped
        ? $"{Work} stopped: {ExceptionText.Message(Failure)} Restart the process; the log has the details."
        : $"{Work} is failing and being retried ({Failures} {(Failures == 1 ? "failure" : "failures")} since {Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC): {ExceptionText.Message(Failure)}";
}
