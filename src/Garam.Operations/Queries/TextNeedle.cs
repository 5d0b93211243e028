using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Garam.Operations.Queries;

/// <summary>
/// Text to look for in UTF-8 bytes. The case of ASCII letters does not count; other letters are what they are. The same text may be written in several ways, and is
/// found in each: as it was typed; Hangul as syllables or as the letters that they are made of, as macOS writes them; and as JSON escapes it
/// (<c>\uac00</c>, <c>\"</c>).
/// </summary>
internal sealed class TextNeedle
{
    private readonly Form[] _forms;

    public TextNeedle(string text)
    {
        var composed = Hangul.Compose(text);
        string[] forms = [text, composed, Hangul.Decompose(text), Escape(composed), EscapeAll(composed)];
        _forms = [.. forms.Distinct(StringComparer.Ordinal).Select(form => new Form(Encoding.UTF8.GetBytes(form)))];
    }

    /// <summary>Behind the first place where it occurs; -1 if it does not.</summary>
    public int FindEnd(ReadOnlySpan<byte> text)
    {
        var first = -1;
        foreach (var form in _forms)
        {
            var end = form.FindEnd(text);
            if (end >= 0 && (first < 0 || end < first))
                first = end;
        }

        return first;
    }

    private static string Escape(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();

    // Everything that is not ASCII as \uXXXX, as Python and Java write it; what .NET alone escapes besides is left as it is.
    private static string EscapeAll(string text)
    {
        var escaped = new StringBuilder();
        foreach (var letter in Escape(text))
            _ = letter < 128 ? escaped.Append(letter) : escaped.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
        return escaped.ToString();
    }

    private sealed class Form
    {
        /// <summary>Bytes by how often they occur in JSON and in text, most frequent first.</summary>
        private static ReadOnlySpan<byte> Frequent => "\"e: ,taoinsr0h1ld2c3u4m5f6p7g8w9ybv_-.kxjqz"u8;

        private readonly byte[] _folded;
        private readonly int _rare;
        private readonly byte _lower;
        private readonly byte _upper;

        public Form(byte[] text)
        {
            _folded = [.. text.Select(Fold)];
            _rare = Enumerable.Range(0, text.Length).MaxBy(at => Frequent.IndexOf(_folded[at]) is >= 0 and var rank ? rank : int.MaxValue);
            _lower = _folded[_rare];
            _upper = _lower is >= (byte)'a' and <= (byte)'z' ? (byte)(_lower - 32) : _lower;
        }

        // Looks for the needle's rarest byte with the processor's vector search, and compares around it. How often a long needle is compared in vain
        // is bounded by its length, which is bounded by that of the query.
        public int FindEnd(ReadOnlySpan<byte> text)
        {
            for (var at = 0; at + _folded.Length <= text.Length;)
            {
                var found = text[(at + _rare)..].IndexOfAny(_lower, _upper);
                if (found < 0)
                    return -1;
                at += found;
                if (at + _folded.Length > text.Length)
                    return -1;
                if (IsAt(text, at))
                    return at + _folded.Length;
                at++;
            }

            return -1;
        }

        private bool IsAt(ReadOnlySpan<byte> text, int start)
        {
            for (var at = 0; at < _folded.Length; at++)
            {
                if (Fold(text[start + at]) != _folded[at])
                    return false;
            }

            return true;
        }

        private static byte Fold(byte letter) => letter is >= (byte)'A' and <= (byte)'Z' ? (byte)(letter + 32) : letter;
    }
}
