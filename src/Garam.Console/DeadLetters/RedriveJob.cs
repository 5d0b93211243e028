using System.Text.Json.Serialization;
using Garam.Background;
using Garam.Operations;
using Garam.Operations.DeadLetters;

namespace Garam.Console.DeadLetters;

/// <summary>A re-drive that runs, or has run, in this console. It belongs to nobody's request: who began it may close the page.</summary>
internal sealed class RedriveJob : IDisposable
{
    /// <summary>Places that the result lists; of more it says how many.</summary>
    private const int MostPlaces = 500;

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<RedrivenLetter> _places = [];
    private readonly TimeProvider _time;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RedriveStatus _status;

    public RedriveJob(string id, RedrivePlan plan, DeadLetterOperations letters, BackgroundWork background, TimeProvider time)
    {
        (Id, Plan, _time, Begun) = (id, plan, time, time.GetUtcNow());
        _status = new RedriveStatus(RedriveState.Running, 0, 0, plan.Count, null, null, 0);
        Done = background.Run($"Re-drive of {plan.Topic}", _ => RunAsync(letters), OnFailure.EndRun(unexpected => End(RedriveState.Failed, new OperationException(FailureKind.Failed, unexpected.Message, unexpected))));
    }

    public string Id { get; }

    public RedrivePlan Plan { get; }

    public DateTimeOffset Begun { get; }

    /// <summary>Completes when it has ended, however it did.</summary>
    public Task Done { get; }

    public RedriveStatus Status
    {
        get
        {
            lock (_lock)
                return _status;
        }
    }

    /// <summary>Letters and where they are now, the first ones.</summary>
    public IReadOnlyList<RedrivenLetter> Places
    {
        get
        {
            lock (_lock)
                return [.. _places];
        }
    }

    /// <summary>Ends it between two batches. What was sent stays sent, and is marked.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Every change of the status from now on, the present one first; ends with the last.</summary>
    public async IAsyncEnumerable<RedriveStatus> FollowAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            Task changed;
            RedriveStatus status;
            lock (_lock)
                (status, changed) = (_status, _changed.Task);
            yield return status;
            if (status.State is not RedriveState.Running)
                yield break;
            await changed.WaitAsync(ct);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task RunAsync(DeadLetterOperations letters)
    {
        try
        {
            await foreach (var progress in letters.RedriveAsync(Plan, _stop.Token))
                Note(progress);
            End(Status.Redriven + Status.Skipped < Plan.Count ? RedriveState.Stopped : RedriveState.Completed);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            End(RedriveState.Stopped);
        }
        catch (Exception exception) when (OperationException.From(exception) is { } failure)
        {
            End(RedriveState.Failed, failure);
        }
    }

    private void Note(RedriveProgress progress)
    {
        lock (_lock)
        {
            _places.AddRange(progress.Latest.Take(MostPlaces - _places.Count));
            Change(_status with { Redriven = progress.Redriven, Skipped = progress.Skipped, Seconds = Elapsed });
        }
    }

    private void End(RedriveState state, OperationException? failure = null)
    {
        lock (_lock)
            Change(_status with { State = state, Failure = failure?.Message, Cause = failure, Ended = _time.GetUtcNow(), Seconds = Elapsed });
    }

    private double Elapsed => Math.Round((_time.GetUtcNow() - Begun).TotalSeconds, 1);

    private void Change(RedriveStatus status)
    {
        _status = status;
        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }
}

/// <summary>How far a re-drive is.</summary>
/// <param name="State">Whether it goes on.</param>
/// <param name="Redriven">Letters sent and acknowledged.</param>
/// <param name="Skipped">Letters left out: sent by somebody else since the plan, or gone.</param>
/// <param name="Total">Letters of the plan.</param>
/// <param name="Failure">Why it ended, if it failed.</param>
/// <param name="Ended">When it ended; null while it goes on.</param>
/// <param name="Seconds">How long it has taken.</param>
internal sealed record RedriveStatus(RedriveState State, long Redriven, long Skipped, long Total, string? Failure, DateTimeOffset? Ended, double Seconds)
{
    /// <summary>The same as <see cref="Failure"/>, for pages.</summary>
    [JsonIgnore]
    public OperationException? Cause { get; init; }
}

/// <summary>Whether a re-drive goes on, and if not, how it ended.</summary>
public enum RedriveState
{
    Running,
    Completed,
    Stopped,
    Failed,
}
