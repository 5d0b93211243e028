namespace Garam.Content.Moderation;

/// <summary>A text in the forms in which phrases are looked for. In each, a blank is before and after every word.</summary>
/// <param name="Hangul">Its Korean (<see cref="HangulReading"/>).</param>
/// <param name="Latin">Its Latin letters (<see cref="LatinReading"/>).</param>
/// <param name="Words">Its words as they are written, for those that mix Korean with figures or Latin letters: 18일.</param>
internal readonly record struct Reading(string Hangul, string Latin, string Words)
{
    public static Reading Of(string normalized) => new(HangulReading.Of(normalized), LatinReading.Of(normalized), WordsOf(normalized));

    private static string WordsOf(string normalized) => string.Create(normalized.Length + 2, normalized, static (words, source) =>
    {
        words.Fill(' ');
        for (var at = 0; at < source.Length; at++)
        {
            if (char.IsLetterOrDigit(source[at]))
                words[at + 1] = source[at];
        }
    });
}
