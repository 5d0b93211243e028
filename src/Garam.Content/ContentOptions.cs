namespace Garam.Content;

/// <summary>Settings of the content platform.</summary>
public sealed class ContentOptions
{
    /// <summary>Where content.db, feed.db and search.db live; created where absent. Default: <c>data/content</c>.</summary>
    public string DataDirectory { get; set; } = Path.Combine("data", "content");

    /// <summary>Partitions of a topic that does not exist yet. Default 3, range 1–1,000. A topic that exists keeps its own.</summary>
    public int Partitions { get; set; } = 3;

    /// <summary>
    /// Posts of one partition that are judged at the same time. Default 128, range 1–1,000. Verdicts that are ready together share a
    /// transaction and its sync, so few lanes are slower than the disk; a moderator that costs money or has a rate limit wants fewer.
    /// </summary>
    public int InspectionConcurrency { get; set; } = 128;

    /// <summary>Memory for visible posts that were read lately, in bytes. Default 64 MiB, range 1 MiB–64 GiB.</summary>
    public long CacheBytes { get; set; } = 64L << 20;

    internal void Validate()
    {
        List<string> errors = [];
        if (string.IsNullOrWhiteSpace(DataDirectory))
            errors.Add($"{nameof(DataDirectory)} is empty: name a directory.");
        if (Partitions is < 1 or > 1_000)
            errors.Add($"{nameof(Partitions)} is {Partitions}: choose 1 to 1,000.");
        if (InspectionConcurrency is < 1 or > 1_000)
            errors.Add($"{nameof(InspectionConcurrency)} is {InspectionConcurrency}: choose 1 to 1,000.");
        if (CacheBytes is < 1L << 20 or > 64L << 30)
            errors.Add($"{nameof(CacheBytes)} is {CacheBytes:N0}: choose 1 MiB to 64 GiB.");
        if (errors.Count > 0)
            throw new ArgumentException("The content options cannot be used: " + string.Join(" ", errors));
    }
}
