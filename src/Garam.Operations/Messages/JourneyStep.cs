namespace Garam.Operations.Messages;

/// <summary>What ties another record to the one whose journey it is.</summary>
public enum JourneyLink
{
    /// <summary>It carries the same trace id (<c>traceparent</c>).</summary>
    Trace,

    /// <summary>The one looked at is a dead letter, a re-drive or a copy of it.</summary>
    Origin,

    /// <summary>It is a dead letter that names the one looked at.</summary>
    DeadLetter,

    /// <summary>It was re-driven from the one looked at.</summary>
    Redrive,

    /// <summary>It is a copy that names the one looked at.</summary>
    Copy,
}

/// <summary>A step of the journey of a record. Steps come as they are found, not in the order of time.</summary>
public abstract record JourneyStep
{
    private JourneyStep()
    {
    }

    /// <summary>A consumer group reads the record's partition, or did.</summary>
    /// <param name="Group">Its name.</param>
    /// <param name="State">Its state in the protocol's words: <c>Stable</c>, <c>Empty</c>, ...</param>
    /// <param name="Committed">The first offset that it has not done; null: it has committed nothing there yet.</param>
    /// <param name="Passed">The record is done: the committed offset lies behind it.</param>
    public sealed record ReadBy(string Group, string State, long? Committed, bool Passed) : JourneyStep;

    /// <summary>Another record of the same journey.</summary>
    /// <param name="Record">The record.</param>
    /// <param name="Link">What ties them together.</param>
    /// <param name="After">Its time less that of the record looked at; null where one of them has none.</param>
    public sealed record Found(StoredRecord Record, JourneyLink Link, TimeSpan? After) : JourneyStep;

    /// <summary>How far was looked, said now and then and once at the end.</summary>
    /// <param name="Topics">Topics that have records in the time looked at.</param>
    /// <param name="Records">Records looked at so far.</param>
    /// <param name="From">Records before this were not looked at; null: the record has no time, and nothing was. Without a trace only dead letters are looked at.</param>
    /// <param name="Until">Records after this were not looked at.</param>
    /// <param name="Complete">Everything between the two was looked at; false while it goes on, and at the end if there was too much of it.</param>
    public sealed record Looked(int Topics, long Records, DateTimeOffset? From, DateTimeOffset? Until, bool Complete) : JourneyStep;
}
