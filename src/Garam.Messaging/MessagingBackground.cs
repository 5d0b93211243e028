using Garam.Background;
using Garam.Messaging.Health;
using Garam.Messaging.Telemetry;
using Microsoft.Extensions.Logging;

namespace Garam.Messaging;

/// <summary>All background work of messaging in this process. What is wrong with it is told by <see cref="MessagingHealth"/>.</summary>
internal sealed class MessagingBackground(ILogger<MessagingBackground> logger, TimeProvider time)
{
    /// <summary>What stands for the group in problems that are not of one group.</summary>
    private const string NoGroup = "messaging";

    public BackgroundWork Work { get; } = new(logger, time);

    /// <summary>The same logger for code that a failing one must not end.</summary>
    public ILogger Guard(ILogger unguarded) => new GuardedLogger(unguarded, Work);

    public IEnumerable<MessagingProblem> Problems() => Work.Problems.Select(problem =>
        new MessagingProblem(problem.IsStopped ? ProblemSeverity.Unhealthy : ProblemSeverity.Degraded, NoGroup, problem.Message));
}
