using System.Globalization;
using System.Text;

namespace Garam.Operations.Messages;

/// <summary>
/// Text in which nothing hides: control characters, marks that turn the direction of writing and characters without width are shown as signs, so
/// that a name or a payload cannot disguise itself. It is for reading only, and does not turn back into what it was.
/// </summary>
public static class VisibleText
{
    private const char Pictures = '\u2400';
    private const char Delete = '\u007f';
    private const char DeletePicture = '\u2421';

    /// <param name="text">Any text.</param>
    /// <param name="keepLines">True: line feeds and tabs stay what they are. False: they are shown, and the result is one line.</param>
    public static string Of(string text, bool keepLines = true)
    {
        if (!text.Any(letter => IsHidden(letter, keepLines)))
            return text;
        var visible = new StringBuilder(text.Length + 16);
        foreach (var letter in text)
        {
            if (!IsHidden(letter, keepLines))
                visible.Append(letter);
            else if (letter < ' ')
                visible.Append((char)(Pictures + letter));
            else if (letter is Delete)
                visible.Append(DeletePicture);
            else
                visible.Append(CultureInfo.InvariantCulture, $"\u2039U+{(int)letter:X4}\u203a");
        }

        return visible.ToString();
    }

    private static bool IsHidden(char letter, bool keepLines) => letter switch
    {
        '\n' or '\t' => !keepLines,
        < ' ' or (>= Delete and < '\u00a0') or '\u00ad' => true,
        '\u061c' or '\u200b' or '\u200e' or '\u200f' => true,                         // marks of direction, a space without width
        (>= '\u2028' and <= '\u202e') or (>= '\u2060' and <= '\u206f') => true,       // other ends of line, embeddings, overrides, isolates
        '\ufeff' or (>= '\ufff9' and <= '\ufffb') => true,
        _ => false,
    };
}
