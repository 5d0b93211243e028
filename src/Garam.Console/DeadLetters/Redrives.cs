using System.Security.Cryptography;
using Garam.Operations;
using Garam.Console.Http;
using Garam.Operations.Connections;
using Garam.Operations.DeadLetters;
using Microsoft.Extensions.Logging;

namespace Garam.Console.DeadLetters;

/// <summary>
/// Plans that were shown and jobs that were begun. What is sent is the plan that somebody saw, letter by letter, and not what the same words would
/// select a minute later; so a plan is kept here between its page and the press of the button, and is used once.
/// </summary>
internal sealed class Redrives(DeadLetterOperations letters, KafkaConnection kafka, ILogger<Redrives> logger, TimeProvider time) : IDisposable
{
    /// <summary>The oldest plan goes when there are more: it can always be made again.</summary>
    private const int MostPlans = 64;

    /// <summary>The oldest ended job goes when there are more.</summary>
    private const int MostJobs = 64;

    private readonly Lock _lock = new();
    private readonly OrderedDictionary<string, RedrivePlan> _plans = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, RedriveJob> _jobs = new(StringComparer.Ordinal);

    /// <returns>The id by which it is found again.</returns>
    public string Keep(RedrivePlan plan)
    {
        var id = NewId();
        lock (_lock)
        {
            while (_plans.Count >= MostPlans)
                _plans.RemoveAt(0);
            _plans.Add(id, plan);
        }

        return id;
    }

    /// <exception cref="OperationException">There is no such plan any more.</exception>
    public RedrivePlan Plan(string id)
    {
        lock (_lock)
            return _plans.TryGetValue(id, out var plan) ? plan : throw Gone();
    }

    /// <exception cref="OperationException">There is no such plan any more.</exception>
    public RedriveJob Begin(string plan, double? ratePerSecond)
    {
        lock (_lock)
        {
            if (!_plans.Remove(plan, out var kept))
                throw Gone();
            Forget();
            var job = new RedriveJob(NewId(), kept with { RatePerSecond = ratePerSecond }, letters, kafka.Background, time);
            ConsoleLog.RedriveBegun(logger, job.Id, kept.Count, kept.Topic);
            _jobs.Add(job.Id, job);
            return job;
        }
    }

    /// <exception cref="OperationException">There is no such job (any more).</exception>
    public RedriveJob Job(string id)
    {
        lock (_lock)
            return _jobs.TryGetValue(id, out var job) ? job : throw new OperationException(FailureKind.NotFound, "that re-drive is not known to this console: it was restarted, or it is long ago. The letters say themselves whether they were sent.");
    }

    /// <summary>The jobs of a topic, the newest first.</summary>
    public IReadOnlyList<RedriveJob> Of(string topic)
    {
        lock (_lock)
            return [.. _jobs.Values.Where(job => job.Plan.Topic == topic).Reverse()];
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var job in _jobs.Values)
                job.Dispose();
        }
    }

    private void Forget()
    {
        if (_jobs.Count < MostJobs || _jobs.Values.FirstOrDefault(job => job.Done.IsCompleted) is not { } ended)
            return;
        _jobs.Remove(ended.Id);
        ended.Dispose();
    }

    private static OperationException Gone() =>
        new(FailureKind.Conflict, "that plan was carried out already, or is too old: look at the letters again and make a new one.");

    // Not guessable: it stands in addresses, and a plan is a promise to whoever saw it.
    private static string NewId() => RandomNumberGenerator.GetHexString(20, lowercase: true);
}
