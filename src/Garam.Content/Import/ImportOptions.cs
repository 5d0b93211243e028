namespace Garam.Content.Import;

/// <summary>What to import, and how. Field names are compared whatever their case.</summary>
public sealed record ImportOptions
{
    /// <summary>Where the content platform serves HTTP. Default <c>http://127.0.0.1:8080</c>.</summary>
    public Uri Server { get; init; } = new("http://127.0.0.1:8080");

    /// <summary>Posts that are sent at the same time. Default 64, range 1–1,000.</summary>
    public int Concurrency { get; init; } = 64;

    /// <summary>Field with the title. Default: title or subject; where a record has none, the first 20 characters of its content.</summary>
    public string? TitleField { get; init; }

    /// <summary>Field with the content. Default: content, text, body, document or message, the first that a record has.</summary>
    public string? ContentField { get; init; }

    /// <summary>
    /// Field with the author. Default: userId, user, authorId or author. An id or name of the platform's users stays; any other author
    /// becomes one of them, always the same one.
    /// </summary>
    public string? UserField { get; init; }

    /// <summary>Field with the category. Default: categoryId, category or movieId. Unknown ones are mapped as authors are.</summary>
    public string? CategoryField { get; init; }

    /// <summary>The line to begin at, as <see cref="ImportReport.ResumeFrom"/> of an import that ended early said. Default 1.</summary>
    public long FromLine { get; init; } = 1;

    /// <summary>Whether to measure how soon posts are found by search, and to return only when the last ones are. Default false.</summary>
    public bool Wait { get; init; }

    /// <summary>After this time a post that search does not find counts as missing: it was judged bad, or the platform is behind. Default 10 s.</summary>
    public TimeSpan WaitTimeout { get; init; } = TimeSpan.FromSeconds(10);

    internal void Validate()
    {
        List<string> errors = [];
        if (Server.Scheme != Uri.UriSchemeHttp && Server.Scheme != Uri.UriSchemeHttps)
            errors.Add($"The server is '{Server}': give an http or https address.");
        if (Concurrency is < 1 or > 1_000)
            errors.Add($"The concurrency is {Concurrency}: choose 1 to 1,000.");
        if (FromLine < 1)
            errors.Add($"The first line is {FromLine}: lines are counted from 1.");
        if (errors.Count > 0)
            throw new ArgumentException(string.Join(" ", errors));
    }
}

/// <summary>How a file holds its records.</summary>
public enum ImportFormat
{
    /// <summary>One JSON object a line.</summary>
    Ndjson,

    /// <summary>RFC 4180: commas, the field names in the first line, quotes around what holds commas, quotes or line ends.</summary>
    Csv,
}
