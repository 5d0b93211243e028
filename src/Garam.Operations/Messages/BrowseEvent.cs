namespace Garam.Operations.Messages;

/// <summary>Why a browse ended.</summary>
public enum BrowseEnd
{
    /// <summary>Everything in the range was looked at.</summary>
    Everything,

    /// <summary>The limit of rows was hit; a cursor goes on.</summary>
    Limit,

    /// <summary>The caller cancelled it; a cursor goes on.</summary>
    Stopped,
}

/// <summary>What a browse or a tail has to say while it runs.</summary>
public abstract record BrowseEvent
{
    private BrowseEvent()
    {
    }

    /// <summary>Records that match: at most 100, or what came within 50 ms (a tail: 100 ms).</summary>
    /// <param name="Records">In the order of the request.</param>
    /// <param name="Skipped">A tail only: matching records that came before these and were left out, because the reader was too slow for them.</param>
    public sealed record Rows(IReadOnlyList<StoredRecord> Records, long Skipped = 0) : BrowseEvent;

    /// <summary>How far it is. Comes a few times a second, and once before <see cref="Done"/>.</summary>
    /// <param name="Scanned">Offsets looked at so far.</param>
    /// <param name="Total">Offsets in the range; 0 for a tail, which has no end.</param>
    /// <param name="Bytes">Bytes of keys and values read so far.</param>
    /// <param name="Hits">Records that matched so far.</param>
    /// <param name="Skipped">A tail only: how many of them were left out.</param>
    /// <param name="Elapsed">Since the call.</param>
    /// <param name="Cursor">A tail only: where another one would go on.</param>
    public sealed record Progress(long Scanned, long Total, long Bytes, long Hits, long Skipped, TimeSpan Elapsed, string? Cursor = null) : BrowseEvent;

    /// <summary>The last event.</summary>
    /// <param name="Why">Why it ended.</param>
    /// <param name="Older">Cursor of a browse that reads back from here; null: nothing is older.</param>
    /// <param name="Newer">Cursor of a browse that reads on from here, or what is written later. A tail: where another one goes on.</param>
    public sealed record Done(BrowseEnd Why, string? Older, string? Newer) : BrowseEvent;
}
