using System.Buffers;
using System.Collections.Frozen;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Garam.Content.Text;

/// <summary>
/// What a reader sees of a text that uses markup, HTML entities, direction overrides or letters turned upside down.
/// <code>
/// w&lt;b&gt;o&lt;/b&gt;rd   w&amp;#111;rd   w[i]or[/i]d   [RLO]drow[PDF]   pɹoʍ   ──►   word
/// </code>
/// </summary>
internal static partial class DisplayedText
{
    private const char RightToLeftOverride = '\u202E';

    /// <summary>A letter that is seen, after the one that is sent. Some are ordinary letters, too: n is seen as u.</summary>
    private const string TurnedPairs = "ɐa qb ɔc pd ǝe ɟf ƃg ɓg ɥh ᴉi ıi ɾj ʞk ʃl ןl ɯm nu un dp bq ɹr ʇt ʌv ʍw ʎy";

    /// <summary>Letters that are hardly ever used for anything else.</summary>
    private const string TurnedOnly = "ɐɔǝɟƃɥᴉɾʞןɯɹʇʌʍʎ";

    private static readonly FrozenDictionary<char, char> Upright =
        TurnedPairs.Split(' ').ToFrozenDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>The text as it was sent with its entities decoded, then the other ways to see it: at most three forms.</summary>
    public static IEnumerable<string> FormsOf(string text)
    {
        var decoded = text.Contains('&') ? WebUtility.HtmlDecode(text) : text;
        yield return decoded;

        var displayed = ApplyOverrides(WithoutMarkup(decoded));
        if (displayed != decoded)
            yield return displayed;
        if (displayed.AsSpan().ContainsAny(TurnedOnly))
            yield return TurnLines(displayed);
    }

    private static string WithoutMarkup(string text)
    {
        if (text.Contains('<'))
            text = Tag().Replace(Break().Replace(text, "\n"), "");
        return text.Contains('[') ? BracketTag().Replace(MarkdownLink().Replace(text, "$1"), "") : text;
    }

    /// <summary>
    /// Between an override and its end the characters run from right to left, whatever they are. Nested overrides are read as one.
    /// </summary>
    private static string ApplyOverrides(string text)
    {
        if (!text.Contains(RightToLeftOverride))
            return text;
        return OverriddenRun().Replace(text, run => Reverse(run.Groups[1].ValueSpan));
    }

    private static string Reverse(ReadOnlySpan<char> run)
    {
        var reversed = new char[run.Length];
        var at = run.Length;
        while (Rune.DecodeFromUtf16(run, out var rune, out var length) == OperationStatus.Done)
        {
            rune.EncodeToUtf16(reversed.AsSpan(at -= length));
            run = run[length..];
        }

        return new string(reversed, at, reversed.Length - at);
    }

    /// <summary>A line that is turned is read from its other end.</summary>
    private static string TurnLines(string text) => string.Join('\n', text.Split('\n').Select(Turn));

    private static string Turn(string line) => string.Create(line.Length, line.ToLowerInvariant(), static (turned, sent) =>
    {
        for (var at = 0; at < sent.Length; at++)
            turned[at] = Upright.GetValueOrDefault(sent[^(at + 1)], sent[^(at + 1)]);
    });

    /// <summary>Tags that end a line or a cell: the words on both sides stay apart.</summary>
    [GeneratedRegex(
        "</?(?:br|hr|p|div|li|ul|ol|tr|td|th|table|pre|h[1-6]|blockquote|section|article)(?![a-z0-9])[^<>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex Break();

    [GeneratedRegex("<[/!?a-z][^<>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex Tag();

    /// <summary>[b], [/color], [url=...].</summary>
    [GeneratedRegex(@"\[/?[a-z]{1,10}(?:=[^\[\]]*)?\]", RegexOptions.IgnoreCase)]
    private static partial Regex BracketTag();

    [GeneratedRegex(@"\[([^\[\]]*)\]\([^()\s]*\)")]
    private static partial Regex MarkdownLink();

    [GeneratedRegex("\u202E([^\u202C\u2069\n]*)[\u202C\u2069]?")]
    private static partial Regex OverriddenRun();
}
