using System.Collections.Concurrent;
using Garam.Background;
using Microsoft.Extensions.Logging;

namespace Garam.Broker;

/// <summary>
/// What is wrong with one broker now: what its parts report, and background work that fails. Reporting does not log: who reports has the details
/// and logs them. Thread-safe.
/// </summary>
internal sealed class BrokerProblems(ILogger logger, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, BrokerProblem> _reported = new(StringComparer.Ordinal);

    /// <summary>Runs all background work of the broker. Its failures are problems.</summary>
    public BackgroundWork Background { get; } = new(logger, time);

    /// <summary>All problems of now, by subject.</summary>
    public IReadOnlyList<BrokerProblem> All =>
    [
        .. _reported.Values
            .Concat(Background.Problems.Select(problem => new BrokerProblem(problem.Work, problem.Message, problem.Since)))
            .OrderBy(problem => problem.Subject, StringComparer.Ordinal),
    ];

    /// <summary>Adds a problem, or replaces the message of the one that <paramref name="subject"/> has.</summary>
    /// <returns>Whether <paramref name="subject"/> had no problem before: the moment to log it.</returns>
    public bool Report(string subject, string message)
    {
        var problem = new BrokerProblem(subject, message, time.GetUtcNow());
        return _reported.AddOrUpdate(subject, problem, (_, known) => known with { Message = message }) == problem;
    }

    /// <summary>The problem of <paramref name="subject"/> is over. Nothing happens when it had none.</summary>
    /// <returns>Whether it had one.</returns>
    public bool Resolve(string subject) => _reported.TryRemove(subject, out _);
}
