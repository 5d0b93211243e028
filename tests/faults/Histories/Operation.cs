namespace Garam.Faults.Histories;

/// <summary>What a client did, or what was done to the broker.</summary>
internal enum Operation
{
    /// <summary>First line of a history: what the run promises.</summary>
    Run,

    /// <summary>Something was done to the broker.</summary>
    Fault,

    /// <summary>One record to one partition.</summary>
    Send,

    /// <summary>A reader begins at a known place, or somewhere new: what it reads next need not follow what it read before.</summary>
    Assign,

    /// <summary>Records that a reader was given, in the order in which it was given them.</summary>
    Poll,

    /// <summary>A group's offsets are stored.</summary>
    Commit,

    /// <summary>A group's offsets are asked for.</summary>
    Committed,

    /// <summary>The first offset at or after a time.</summary>
    Lookup,

    /// <summary>The ends of a partition.</summary>
    Ends,

    /// <summary>Batches as they are served, by their fingerprints.</summary>
    Batches,

    /// <summary>Everything below an offset is deleted.</summary>
    Trim,

    /// <summary>A topic is made.</summary>
    Create,

    /// <summary>A topic is deleted.</summary>
    Delete,

    /// <summary>What the broker says of a topic: its id and settings, or that there is none.</summary>
    Describe,

    /// <summary>Somebody waited for something that must happen, and how that ended.</summary>
    Await,
}
