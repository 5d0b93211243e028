using Garam.Messaging.Producing;

namespace Garam.Messaging.Health;

/// <summary>What the endpoints of this process are doing and have done. Registered by <see cref="MessagingServices.AddMessaging"/>.</summary>
public sealed class EndpointStates
{
    private readonly List<Func<IEnumerable<EndpointState>>> _sources = [];

    /// <summary>
    /// One for each mapped topic, in the order of the mapping; none before the host has started. Each call looks anew: numbers of one state are
    /// of the same moment only nearly. Safe at any time from any thread, and cheap enough for a page that asks every second.
    /// </summary>
    public IReadOnlyList<EndpointState> All()
    {
        lock (_sources)
        {
            return [.. _sources.SelectMany(source => source())];
        }
    }

    internal void Watch(Func<IEnumerable<EndpointState>> source)
    {
        lock (_sources)
        {
            _sources.Add(source);
        }
    }
}

/// <summary>An endpoint as of now. Counts begin with the process and are of this process only.</summary>
public sealed record EndpointState
{
    /// <summary>The consumer group.</summary>
    public required string Group { get; init; }

    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>The handler, as a person would look for it in the source: <c>Billing.ChargeAsync</c>, or <c>(Order order) in Program.Main</c>.</summary>
    public required string Handler { get; init; }

    /// <summary>Where records go that are given up; null: nowhere, their partition is held.</summary>
    public required string? DeadLetterTopic { get; init; }

    /// <summary>Records handled with success.</summary>
    public required long Handled { get; init; }

    /// <summary>Attempts that failed, whatever followed.</summary>
    public required long Failed { get; init; }

    /// <summary>Attempts after a failure.</summary>
    public required long Retried { get; init; }

    /// <summary>Records given up and written to the dead-letter topic.</summary>
    public required long DeadLettered { get; init; }

    /// <summary>Partitions that this process owns at the moment, by number.</summary>
    public required IReadOnlyList<PartitionState> Partitions { get; init; }

    /// <summary>Why the whole group does not read (a topic is missing, its consumer is being replaced); null while it does.</summary>
    public required string? WaitingFor { get; init; }

    /// <summary>The last attempt that failed, or dead letter that could not be written; null: none since the start.</summary>
    public required EndpointFailure? LastFailure { get; init; }

    /// <summary>Records read and not finished, of all partitions.</summary>
    public long InFlight => Partitions.Sum(partition => partition.InFlight);

    /// <summary>Records of the owned partitions that are not done; measured once in a <see cref="MessagingOptions.CommitInterval"/>.</summary>
    public long Lag => Partitions.Sum(partition => partition.Lag);
}

/// <summary>A partition that an endpoint of this process owns.</summary>
/// <param name="Partition">Number, from 0.</param>
/// <param name="Committed">Offset that the broker has confirmed as committed since the partition was assigned; null: none yet.</param>
/// <param name="InFlight">Records read and not finished.</param>
/// <param name="Lag">Records that are not done.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Why">The reason, for a person; null while it runs.</param>
public sealed record PartitionState(int Partition, long? Committed, long InFlight, long Lag, PartitionActivity State, string? Why);

/// <summary>What a partition is doing.</summary>
public enum PartitionActivity
{
    /// <summary>Records are read and handled as they come.</summary>
    Running,

    /// <summary>A record waits for a dependency that is in trouble. It is tried again until that is over; the records behind it wait.</summary>
    Waiting,

    /// <summary>Enough records are waiting for their handlers: reading goes on when half of them are done. Passes by itself.</summary>
    Paused,

    /// <summary>Stands still at a record that can be neither handled nor dead-lettered. Somebody must act.</summary>
    Held,

    /// <summary>Is being given back: nothing begins any more, running handlers end.</summary>
    Draining,
}

/// <summary>A failure of an endpoint.</summary>
/// <param name="Exception">Full name of the exception's type.</param>
/// <param name="Message">Its message.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Record">The record that was being handled.</param>
/// <param name="Attempt">Which try of it this was, from 1.</param>
public sealed record EndpointFailure(string Exception, string Message, DateTimeOffset At, RecordPosition Record, int Attempt);
