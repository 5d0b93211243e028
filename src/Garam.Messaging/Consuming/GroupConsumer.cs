using Confluent.Kafka;
using Garam.Background;
using Garam.Messaging.Failures;
using Garam.Messaging.Health;
using Garam.Messaging.Telemetry;
using Garam.Messaging.Topics;
using Microsoft.Extensions.Logging;

namespace Garam.Messaging.Consuming;

/// <summary>
/// The life of one group in this process: waits for its topics, gives its members a thread, replaces a member whose client has
/// failed for good, and says how it is doing.
/// </summary>
internal sealed class GroupConsumer(
    string group,
    IReadOnlyDictionary<string, RecordProcessor> processors,
    Func<IGroupTransport> connect,
    TopicAdmin admin,
    DeadLetters deadLetters,
    MessagingOptions options,
    BackgroundWork work,
    TimeProvider time,
    ILogger logger)
{
    private static readonly TimeSpan LookForTopicsEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReplaceAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReplaceFencedAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RememberFencing = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(60);

    // After the drain: the last commit, and leaving the group. Where the cluster does not answer, the host's shutdown timeout must not be used up.
    private static readonly TimeSpan LongestLeave = TimeSpan.FromSeconds(8);

    private readonly CancellationTokenSource _stopping = new();
    private volatile GroupMember? _member;
    private volatile string? _waitingFor;
    private volatile Fencing? _fenced;
    private Task _life = Task.CompletedTask;

    public string Group => group;

    public IReadOnlyList<PartitionAssignment> Assignments => _member?.Assignments ?? [];

    public void Start() => _life = work.Run($"Group {group}", LiveAsync, OnFailure.Restart(), _stopping.Token);

    /// <summary>
    /// From this call on no handler begins; completes when those that run have ended, their work is committed and the group is left. Where the
    /// cluster does not answer, the wait ends some seconds after the drain, or when the host's patience does: the group finds out when the session is over.
    /// </summary>
    public async Task StopAsync(CancellationToken patience)
    {
        _stopping.Cancel();
        foreach (var assignment in Assignments)
        {
            assignment.BeginDrain();
        }

        try
        {
            await Task.WhenAny(_life, _member?.Drained ?? Task.CompletedTask).WaitAsync(patience).ConfigureAwait(false);
            await _life.WaitAsync(LongestLeave, time, patience).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            Log.GroupNotLeft(logger, group);
        }
    }

    public IEnumerable<MessagingProblem> Problems()
    {
        if (_waitingFor is { } reason)
        {
            yield return new(ProblemSeverity.Degraded, group, reason);
        }

        if (_member?.SinceLastTurn > LongestTurn)
        {
            yield return new(ProblemSeverity.Unhealthy, group, $"The poll loop has been blocked for {_member.SinceLastTurn.TotalSeconds:0} s.");
        }

        foreach (var problem in ConsumerProblems.Of(_member, processors.Values, options, time))
        {
            yield return problem with { Group = group };
        }

        if (_fenced is { } fenced && time.GetElapsedTime(fenced.At) < RememberFencing)
        {
            yield return new(ProblemSeverity.Unhealthy, group, fenced.Message);
        }

        foreach (var assignment in Assignments)
        {
            if (assignment.HeldBecause is { } held)
            {
                yield return new(ProblemSeverity.Unhealthy, group, held);
            }

            foreach (var trouble in assignment.Troubles)
            {
                yield return new(ProblemSeverity.Degraded, group, trouble);
            }
        }
    }

    /// <summary>What each endpoint of the group is doing. Any thread.</summary>
    public IEnumerable<EndpointState> States() => processors.Values.Select(processor => EndpointReport.Of(processor, Assignments, _waitingFor));

    private async Task LiveAsync(CancellationToken stopping)
    {
        await WaitForTopicsAsync(stopping).ConfigureAwait(false);
        Log.GroupStarted(logger, group, string.Join(", ", processors.Keys));
        await RunOnOwnThread(stopping).ConfigureAwait(false);
        Log.GroupStopped(logger, group);
    }

    /// <summary>
    /// A subscription to a topic that is missing would be noticed only with the next refresh of the client's metadata, a minute late.
    /// Dead-letter topics are made now, so that a failure finds them.
    /// </summary>
    private async Task WaitForTopicsAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(LookForTopicsEvery, time);
        while (await WhatIsMissingAsync(stopping).ConfigureAwait(false) is { } missing)
        {
            if (missing != _waitingFor)
            {
                Log.GroupWaits(logger, group, missing);
                _waitingFor = missing;
            }

            await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false);
        }

        _waitingFor = null;
    }

    private async Task<string?> WhatIsMissingAsync(CancellationToken stopping)
    {
        try
        {
            var found = await admin.PartitionCountsAsync([.. processors.Keys], stopping).ConfigureAwait(false);
            if (processors.Keys.Where(topic => !found.ContainsKey(topic)).ToList() is { Count: > 0 } absent)
            {
                return $"These topics do not exist: {string.Join(", ", absent)}. Create them, or call ITopicAdmin.EnsureTopicsAsync at the start.";
            }

            foreach (var processor in processors.Values.Where(processor => processor.Endpoint.HasDeadLetters))
            {
                await deadLetters.EnsureTopicAsync(processor.Endpoint, stopping).ConfigureAwait(false);
                processor.HasPartitions(found[processor.Endpoint.Topic]);
            }

            return null;
        }
        catch (TopicAdminException exception)
        {
            return exception.Message;
        }
    }

    private Task RunOnOwnThread(CancellationToken stopping)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        work.RunThread($"consumer {group}", () => RunMembers(stopping, ended), OnFailure.Restart());
        return ended.Task;
    }

    private void RunMembers(CancellationToken stopping, TaskCompletionSource ended)
    {
        while (!stopping.IsCancellationRequested)
        {
            RunMember(stopping);
        }

        ended.SetResult();
    }

    private void RunMember(CancellationToken stopping)
    {
        try
        {
            using var transport = connect();
            using var member = _member = new GroupMember(group, transport, processors, options, work, time, logger);
            member.Run(stopping);
        }
        catch (Exception exception)
        {
            // Nothing is committed that is not done: whatever ended the member, another one starts from there.
            Log.ConsumerFailed(logger, exception, group, ReplaceAfter);
            _waitingFor = $"The consumer failed and is replaced: {ExceptionText.Message(exception)}";
            stopping.WaitHandle.WaitOne(IsFenced(exception) ? ReplaceFencedAfter : ReplaceAfter);
            _waitingFor = null;
        }
    }

    /// <summary>Another process has joined with the same instance id. Two would take the partitions from each other for ever: this one waits for a while.</summary>
    private bool IsFenced(Exception exception)
    {
        if (exception is not KafkaException { Error.Code: ErrorCode.FencedInstanceId })
        {
            return false;
        }

        _fenced = new Fencing(time.GetTimestamp(), $"Another process uses the instance id '{options.InstanceId}' in this group and has taken its partitions. "
            + "Give each process an InstanceId of its own, or none.");
        return true;
    }

    private sealed record Fencing(long At, string Message);
}
