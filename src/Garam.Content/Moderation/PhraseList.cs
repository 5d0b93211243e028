using System.Buffers;
using Garam.Content.Text;

namespace Garam.Content.Moderation;

/// <summary>A text in the two forms in which phrases are looked for.</summary>
internal readonly record struct Reading(string Hangul, string Latin)
{
    public static Reading Of(string normalized) => new(HangulReading.Of(normalized), LatinReading.Of(normalized));
}

/// <summary>
/// Phrases of one kind. A Korean phrase is found inside words (particles and endings follow it); a Latin one is a whole word,
/// or the beginning of one where it ends with a star.
/// </summary>
internal sealed class PhraseList
{
    private readonly Side _hangul;
    private readonly Side _latin;

    public PhraseList(IEnumerable<string> phrases)
    {
        var isHangul = phrases.Select(TextNormalizer.Normalize).ToLookup(phrase => phrase.Any(Text.Hangul.IsLetter));
        _hangul = new Side([.. isHangul[true]]);
        _latin = new Side([.. isHangul[false].Select(phrase => phrase.EndsWith('*') ? $" {phrase[..^1]}" : $" {phrase} ")]);
    }

    public bool IsIn(Reading reading) => _hangul.Hits(reading.Hangul).Any() || _latin.Hits(reading.Latin).Any();

    /// <summary>Whether a phrase is found that is not part of a harmless one around it.</summary>
    public bool IsIn(Reading reading, PhraseList harmless) =>
        _hangul.Hits(reading.Hangul).Any(at => !harmless._hangul.Covers(reading.Hangul, at))
        || _latin.Hits(reading.Latin).Any(at => !harmless._latin.Covers(reading.Latin, at));

    /// <summary>Whether a phrase of this list and one of <paramref name="other"/> are within <paramref name="distance"/> characters.</summary>
    public bool IsNear(PhraseList other, Reading reading, int distance) =>
        _hangul.Hits(reading.Hangul).Any(at => other._hangul.IsAround(reading.Hangul, at, distance))
        || _latin.Hits(reading.Latin).Any(at => other._latin.IsAround(reading.Latin, at, distance));

    /// <summary>The phrases of one script, looked for all at once.</summary>
    private sealed class Side(string[] phrases)
    {
        private readonly SearchValues<string> _any = SearchValues.Create(phrases, StringComparison.Ordinal);

        /// <summary>Where phrases begin.</summary>
        public IEnumerable<int> Hits(string text)
        {
            for (var at = 0; at < text.Length && text.AsSpan(at).IndexOfAny(_any) is var hit and >= 0; at += hit + 1)
                yield return at + hit;
        }

        public bool Covers(string text, int at) => phrases.Any(phrase =>
        {
            var start = Math.Max(0, at - phrase.Length + 1);
            return text.AsSpan(start, Math.Min(text.Length, at + phrase.Length) - start).Contains(phrase, StringComparison.Ordinal);
        });

        public bool IsAround(string text, int at, int distance)
        {
            var start = Math.Max(0, at - distance);
            return text.AsSpan(start, Math.Min(text.Length, at + distance) - start).ContainsAny(_any);
        }
    }
}
