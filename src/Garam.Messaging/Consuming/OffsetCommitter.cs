using Confluent.Kafka;
using Garam.Messaging.Telemetry;
using Microsoft.Extensions.Logging;

namespace Garam.Messaging.Consuming;

/// <summary>
/// Commits the heads of a group's assignments. In the background while all is quiet, one commit at a time, because the client's commit
/// blocks until it is answered and the poll thread must not; at the end of an assignment on the spot.
/// </summary>
internal sealed class OffsetCommitter(IGroupTransport transport, string group, ILogger logger)
{
    private static readonly TimeSpan LongestCommit = TimeSpan.FromSeconds(5);

    private List<(PartitionAssignment Assignment, long Head)> _sent = [];
    private Task<bool> _running = Task.FromResult(false);

    /// <summary>Sends what has moved since the last commit, unless that one is still on its way.</summary>
    public void Begin(IEnumerable<PartitionAssignment> assignments)
    {
        if (_running.IsCompleted)
        {
            Send(assignments);
        }
    }

    /// <summary>Sends what has moved and waits for the answer, for a while: a cluster that is away must not keep the process from stopping.</summary>
    public void Finish(IEnumerable<PartitionAssignment> assignments)
    {
        if (Settle())
        {
            Send(assignments);
            Settle();
            NoteAnswer();
        }
    }

    /// <summary>
    /// Waits, for a while, until no commit is on its way. One that was begun for a partition before it was lost must not arrive when
    /// the partition has come back: somebody else may have got further meanwhile.
    /// </summary>
    public bool Settle() => _running.Wait(LongestCommit);

    private void Send(IEnumerable<PartitionAssignment> assignments)
    {
        NoteAnswer();
        foreach (var assignment in assignments)
        {
            assignment.Tracker.Advance();
            if (assignment.Tracker.Head is { } head && head != assignment.Committed)
            {
                _sent.Add((assignment, head));
            }
        }

        if (_sent.Count > 0)
        {
            var offsets = _sent.ConvertAll(sent => new TopicPartitionOffset(sent.Assignment.Partition, sent.Head));
            _running = Task.Run(() => Commit(offsets));
        }
    }

    private void NoteAnswer()
    {
        if (_running is { IsCompleted: true, Result: true })
        {
            _sent.ForEach(sent => sent.Assignment.Committed = sent.Head);
        }

        _sent = [];
    }

    private bool Commit(List<TopicPartitionOffset> offsets)
    {
        try
        {
            transport.Commit(offsets);
            return true;
        }
        catch (KafkaException exception)
        {
            Log.CommitFailed(logger, group, exception.Error.Reason);
            return false;
        }
    }
}
