using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Garam.Content.Text;

namespace Garam.Content.Moderation;

/// <summary>
/// Judges by the rules and word lists that come with the program (lexicon.txt): always there, always the same answer, in Korean and
/// English. It reads text and follows no instruction in it, so that there is nothing to talk it out of.
/// </summary>
internal sealed partial class LocalModerator : IModerator
{
    /// <summary>Counts the changes of the rules in this file; those of the lists are in the fingerprint.</summary>
    private const int Rules = 1;

    /// <summary>Goods and a trade, or bait and an address, belong together when this many characters are between them at most.</summary>
    private const int Nearby = 25;

    private const int MaxLinks = 3;

    private readonly Lexicon _lexicon;
    private readonly PhraseList _harmless, _profanity, _hate, _sexual, _illegalGoods, _trade, _bait;
    private readonly ConcurrentDictionary<string, List<TagRule>> _tags = new();

    public LocalModerator()
    {
        _lexicon = Lexicon.Load();
        _harmless = _lexicon.Phrases("harmless");
        _profanity = _lexicon.Phrases("profanity");
        _hate = _lexicon.Phrases("hate");
        _sexual = _lexicon.Phrases("sexual");
        _illegalGoods = _lexicon.Phrases("illegal goods");
        _trade = _lexicon.Phrases("trade");
        _bait = _lexicon.Phrases("bait");
    }

    public string Policy => $"local-{Rules}-{_lexicon.Fingerprint}";

    public ValueTask<Verdict> JudgeAsync(Submission submission, CancellationToken cancellationToken)
    {
        var normalized = TextNormalizer.Normalize($"{submission.Title}\n{submission.Content}");
        var reading = Reading.Of(normalized);
        return ValueTask.FromResult(Objection(normalized, reading) is { } reason
            ? Verdict.Bad(reason)
            : Verdict.Good(TagsOf(reading, submission.Category)));
    }

    /// <summary>Why the text cannot be shown; null when it can.</summary>
    private string? Objection(string normalized, Reading reading) =>
        _hate.IsIn(reading, _harmless) ? "hate"
        : _profanity.IsIn(reading, _harmless) ? "profanity"
        : _sexual.IsIn(reading, _harmless) ? "sexual"
        : _illegalGoods.IsNear(_trade, reading, Nearby) ? "illegal trade"
        : _bait.IsIn(reading) && Contact().IsMatch(normalized) ? "spam: bait with an address"
        : Link().Count(normalized) > MaxLinks ? "spam: links"
        : null;

    private List<string> TagsOf(Reading reading, string category) => [.. _tags
        .GetOrAdd(category, _lexicon.Tags)
        .Where(rule => rule.Words.IsIn(reading))
        .Select(rule => rule.Tag)
        .Distinct()
        .Take(Verdict.MaxTags)];

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
