using System.Text.RegularExpressions;
using Garam.Content.Text;

namespace Garam.Content.Moderation;

/// <summary>
/// Judges by the rules and word lists that come with the program (lexicon.txt): always available, always the same answer, in Korean and
/// English. It follows no instruction in a text.
/// <code>
/// text ─► forms in which it is displayed ─► look-alikes folded, normalised ─► readings ─► phrases found ─► verdict
/// </code>
/// </summary>
internal sealed partial class LocalModerator : IModerator
{
    /// <summary>Counts the changes of the rules, readings and foldings; those of the lists are in the fingerprint.</summary>
    private const int Rules = 2;

    /// <summary>Goods and a trade belong together when this many characters are between them at most.</summary>
    private const int Nearby = 25;

    private const int MaxLinks = 3;

    private readonly Lexicon _lexicon = Lexicon.Load();

    public string Policy => $"local-{Rules}-{_lexicon.Fingerprint}";

    public ValueTask<Verdict> JudgeAsync(Submission submission, CancellationToken cancellationToken)
    {
        var forms = DisplayedText.FormsOf($"{Plain(submission.Title)}{HangulReading.Barrier}{Plain(submission.Content)}");
        List<string>? tags = null;
        foreach (var form in forms)
        {
            var normalized = TextNormalizer.Normalize(LookAlikes.Fold(form));
            var found = _lexicon.FindIn(Reading.Of(normalized));
            if (Objection(normalized, found) is { } reason)
                return ValueTask.FromResult(Verdict.Bad(reason));
            tags ??= TagsOf(found, submission.Category);
        }

        return ValueTask.FromResult(Verdict.Good(tags!));
    }

    private static string Plain(string text) => text.Replace(HangulReading.Barrier, '\n');

    /// <summary>Why the text cannot be shown; null when it can.</summary>
    private static string? Objection(string normalized, Findings found) =>
        found.Has("hate", "harmless") ? "hate"
        : found.Has("profanity", "harmless") ? "profanity"
        : found.Has("sexual", "harmless") ? "sexual"
        : found.HasNear("illegal goods", "trade", Nearby) ? "illegal trade"
        : found.Has("bait", "harmless") && Contact().IsMatch(normalized) ? "spam: bait with an address"
        : Link().Count(normalized) > MaxLinks ? "spam: links"
        : null;

    private List<string> TagsOf(Findings found, string category) =>
        [.. _lexicon.TagsOf(category).Where(found.Has).Distinct().Take(Verdict.MaxTags)];

    [GeneratedRegex("""https?://|\bwww\.""")]
    private static partial Regex Link();

    /// <summary>A link, a mobile number, or the name of a messenger with what may be an id.</summary>
    [GeneratedRegex("""
        https?://|\bwww\.|\b[a-z0-9-]+\.(com|net|kr|xyz|top|me|shop)\b
        |01[016789][-.\s]?\d{3,4}[-.\s]?\d{4}
        |(카톡|카카오톡|텔레그램|텔레|라인|kakao|telegram|whatsapp|line)\s*(아이디|id|문의|상담)?\s*[:@]*\s*[a-z0-9_]{3,}
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Contact();
}
