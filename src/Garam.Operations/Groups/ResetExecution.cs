using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Operations.Connections;

namespace Garam.Operations.Groups;

/// <summary>Commits what a plan says, if the group is where the plan saw it, and looks whether it was done.</summary>
internal sealed class ResetExecution(KafkaConnection kafka, TimeProvider time, ResetHistory history)
{
    private const int PartitionsNamed = 5;

    private readonly GroupSituations _groups = new(kafka);

    public async Task<ResetPlan> ApplyAsync(ResetPlan plan, CancellationToken cancellationToken)
    {
        var lines = Checked(plan);
        EnsureUnmoved(await _groups.OfAsync(plan.Group, cancellationToken), lines);
        var changes = lines.Where(line => line.Value.Before != line.Value.After).ToDictionary();
        var undo = UndoOf(plan, changes.Keys);
        if (changes.Count == 0)
            return undo;

        var cluster = (await kafka.AskAsync(admin => admin.DescribeClusterAsync(), cancellationToken)).ClusterId;
        // Before the commit: a crash between the two must not leave a reset that nobody can undo.
        var kept = await history.KeepAsync(cluster, undo, time, cancellationToken);
        var refusals = await CommitAsync(plan.Group, changes, cancellationToken);
        var now = await _groups.OfAsync(plan.Group, cancellationToken);
        var missed = changes.Where(change => now.CommittedIn(change.Key) != change.Value.After).Select(change => change.Key).ToHashSet();
        if (missed.Count == 0)
            return undo;
        await history.ReplaceAsync(cluster, kept, missed.Count == changes.Count ? null : UndoOf(plan, changes.Keys.Except(missed)), time, cancellationToken);
        throw Partial(plan.Group, changes.Count, [.. missed], refusals);
    }

    private static Dictionary<TopicPartition, ResetPartition> Checked(ResetPlan plan)
    {
        var lines = plan.Partitions.DistinctBy(line => (line.Topic, line.Partition)).ToDictionary(line => new TopicPartition(line.Topic, line.Partition));
        return lines.Count == plan.Partitions.Count && lines.Values.All(line => line.After is null or >= 0)
            ? lines
            : throw new OperationException(FailureKind.Invalid, "the plan names a partition twice or an offset below zero: make it anew.");
    }

    private static void EnsureUnmoved(GroupSituation group, Dictionary<TopicPartition, ResetPartition> lines)
    {
        group.EnsureStopped("for what a reset sets while they run is overwritten by their next commit");
        var moved = lines.Where(line => group.CommittedIn(line.Key) != line.Value.Before)
            .Select(line => $"{line.Value.Topic}:{line.Value.Partition} from {Shown(line.Value.Before)} to {Shown(group.CommittedIn(line.Key))}").ToList();
        if (moved.Count > 0)
            throw new OperationException(FailureKind.Conflict, $"group {group.Name} has moved since the preview ({Some(moved)}): nothing was reset, look again.");
    }

    private static ResetPlan UndoOf(ResetPlan plan, IEnumerable<TopicPartition> changed)
    {
        var partitions = changed.ToHashSet();
        return new ResetPlan(plan.Group, plan.Target == ResetPlan.Undo ? ResetPlan.Redo : ResetPlan.Undo, [.. plan.Partitions
            .Where(line => partitions.Contains(new TopicPartition(line.Topic, line.Partition)))
            .Select(line => new ResetPartition(line.Topic, line.Partition, line.After, line.Before, null, ResetNote.None))], []);
    }

    /// <summary>Why partitions were refused, as far as the broker says it.</summary>
    private async Task<IReadOnlyDictionary<TopicPartition, Error>> CommitAsync(string group, Dictionary<TopicPartition, ResetPartition> changes, CancellationToken cancellationToken)
    {
        List<TopicPartitionOffset> commits = [.. changes.Where(change => change.Value.After is not null).Select(change => new TopicPartitionOffset(change.Key, change.Value.After!.Value))];
        List<TopicPartition> forgotten = [.. changes.Where(change => change.Value.After is null).Select(change => change.Key)];
        var refusals = new Dictionary<TopicPartition, Error>();
        try
        {
            if (commits.Count > 0)
                await kafka.DoAsync(admin => admin.AlterConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitionOffsets(group, commits)]), cancellationToken);
        }
        catch (OperationException exception) when (exception.InnerException is AlterConsumerGroupOffsetsException { Results: [var refused] })
        {
            foreach (var commit in commits)
                refusals[commit.TopicPartition] = refused.Partitions.FirstOrDefault(partition => partition.TopicPartition == commit.TopicPartition)?.Error is { IsError: true } own ? own : refused.Error;
        }

        try
        {
            if (forgotten.Count > 0)
                await kafka.DoAsync(admin => admin.DeleteConsumerGroupOffsetsAsync(group, forgotten), cancellationToken);
        }
        catch (OperationException exception) when (exception.InnerException is DeleteConsumerGroupOffsetsException { Result: var refused })
        {
            foreach (var partition in forgotten)
                refusals[partition] = refused.Partitions.FirstOrDefault(found => found.TopicPartition == partition)?.Error is { IsError: true } own ? own : refused.Error;
        }

        return refusals;
    }

    private static OperationException Partial(string group, int asked, IReadOnlyList<TopicPartition> missed, IReadOnlyDictionary<TopicPartition, Error> refusals)
    {
        var reasons = missed.Select(partition => $"{partition.Topic}:{partition.Partition.Value}{(refusals.TryGetValue(partition, out var error) && error.IsError ? $" ({error.Reason})" : "")}").ToList();
        var kind = missed.Select(partition => refusals.GetValueOrDefault(partition)).FirstOrDefault(error => error is { IsError: true }) is { } first
            ? OperationException.KindOf(first.Code)
            : FailureKind.Failed;
        return new OperationException(kind, $"group {group}: {Words.Number(missed.Count)} of {Words.Count(asked, "partition was", "partitions were")} not reset: {Some(reasons)}.{(missed.Count < asked ? " The others were, and can be undone." : "")}");
    }

    private static string Some(IReadOnlyList<string> things) => string.Join(", ", things.Take(PartitionsNamed)) + (things.Count > PartitionsNamed ? $", and {things.Count - PartitionsNamed} more" : "");

    private static string Shown(long? offset) => offset?.ToString() ?? "nothing";
}
