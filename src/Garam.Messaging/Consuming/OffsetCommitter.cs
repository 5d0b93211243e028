using Confluent.Kafka;
using Garam.Background;
using Garam.Messaging.Telemetry;
using Microsoft.Extensions.Logging;

namespace Garam.Messaging.Consuming;

/// <summary>
/// Commits the heads of a group's assignments, one commit at a time, on a thread of its own: the client's commit blocks until it is answered, the poll thread
/// must not, and the thread pool may be full of handlers that block. At the end of an assignment the poll thread waits for the answer.
/// </summary>
internal sealed class OffsetCommitter(IGroupTransport transport, string group, BackgroundWork work, ILogger logger) : IDisposable
{
    private static readonly TimeSpan LongestCommit = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _handedOver = new(0);
    private readonly ManualResetEventSlim _settled = new(initialState: true);
    private List<(PartitionAssignment Assignment, long Head)> _sent = [];
    private bool _started;
    private bool _succeeded;
    private bool _disposed;

    /// <summary>Sends what has moved since the last commit, unless that one is still on its way.</summary>
    public void Begin(IEnumerable<PartitionAssignment> assignments)
    {
        if (_settled.IsSet)
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
            if (Settle())
            {
                NoteAnswer();
            }
        }
    }

    /// <summary>
    /// Waits, for a while, until no commit is on its way. One that was begun for a partition before it was lost must not arrive when
    /// the partition has come back: somebody else may have got further meanwhile.
    /// </summary>
    public bool Settle() => _settled.Wait(LongestCommit);

    /// <summary>Its thread ends when the last commit is answered.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _disposed, true);
        _handedOver.Release();
    }

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
            StartOnce();
            _settled.Reset();
            _handedOver.Release();
        }
    }

    private void StartOnce()
    {
        if (!_started)
        {
            work.RunThread($"commits {group}", CommitWhatIsHandedOver, OnFailure.Restart());
            _started = true;
        }
    }

    private void NoteAnswer()
    {
        if (_succeeded)
        {
            _sent.ForEach(sent => sent.Assignment.Committed = sent.Head);
        }

        (_sent, _succeeded) = ([], false);
    }

    private void CommitWhatIsHandedOver()
    {
        while (true)
        {
            _handedOver.Wait();
            if (Volatile.Read(ref _disposed))
            {
                return;
            }

            try
            {
                _succeeded = Commit(_sent.ConvertAll(sent => new TopicPartitionOffset(sent.Assignment.Partition, sent.Head)));
            }
            finally
            {
                _settled.Set();
            }
        }
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
