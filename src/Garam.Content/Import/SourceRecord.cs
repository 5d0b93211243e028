namespace Garam.Content.Import;

/// <summary>One record of a file.</summary>
/// <param name="Line">Line at which it begins, from 1.</param>
/// <param name="Fields">Its values by name, whatever the name's case.</param>
/// <param name="Error">Why it cannot be read; null when it can.</param>
internal sealed record SourceRecord(long Line, IReadOnlyDictionary<string, string> Fields, string? Error = null)
{
    /// <summary>How long a record may be: far above any post, so that a file without line ends is not read into memory whole.</summary>
    public const int MaxMebibytes = 16;

    public static SourceRecord Unreadable(long line, string error) => new(line, new Dictionary<string, string>(), error);
}
