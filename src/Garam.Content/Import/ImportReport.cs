namespace Garam.Content.Import;

/// <summary>How far an import is.</summary>
/// <param name="Created">Posts that the platform has taken.</param>
/// <param name="Refused">Records that it did not take.</param>
/// <param name="Elapsed">Since the first record was sent.</param>
public sealed record ImportProgress(long Created, long Refused, TimeSpan Elapsed)
{
    /// <summary>Posts created per second so far.</summary>
    public double PostsPerSecond => Elapsed > TimeSpan.Zero ? Created / Elapsed.TotalSeconds : 0;
}

/// <summary>How an import ended.</summary>
/// <param name="Total">What was done.</param>
/// <param name="Refusals">The first refused records, at most <see cref="MaxRefusals"/>.</param>
/// <param name="ResumeFrom">
/// Null when the whole file was read. Otherwise the line to begin at next time: everything before it is done; a few records behind it may
/// be too, and would be imported twice.
/// </param>
/// <param name="Failure">What ended it early; null when nothing did, or the caller cancelled it.</param>
/// <param name="Searchable">How soon posts were found by search; null when that was not asked for.</param>
public sealed record ImportReport(
    ImportProgress Total, IReadOnlyList<RefusedRecord> Refusals, long? ResumeFrom, string? Failure, SearchableLag? Searchable)
{
    /// <summary>Refusals that are kept with their reasons; all are counted.</summary>
    public const int MaxRefusals = 100;
}

/// <summary>A record that did not become a post.</summary>
/// <param name="Line">Line of the file at which it begins, from 1.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record RefusedRecord(long Line, string Reason);

/// <summary>Times from the answer to a creation until search finds the post, of a sample.</summary>
/// <param name="Samples">Posts that were looked for and found.</param>
/// <param name="Missing">Posts that were not found in time: judged bad, or the platform is behind.</param>
/// <param name="P50">Half of the found ones were found within this time.</param>
/// <param name="P99">99 of 100 were.</param>
/// <param name="Max">All were.</param>
public sealed record SearchableLag(int Samples, int Missing, TimeSpan P50, TimeSpan P99, TimeSpan Max);

/// <summary>The platform could not be asked for its users and categories, so that nothing was imported.</summary>
public sealed class ImportException(string message, Exception cause) : IOException(message, cause);
