using System.Text;

namespace Garam.Console.DeadLetters;

/// <summary>
/// Bytes that a person may change in a text field of a browser without other bytes changing with them. A form field is no place for every
/// text: it holds characters and not bytes, turns every end of line into CR LF, and has no room for control characters.
/// </summary>
internal static class EditableText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text to put into the field; null where the bytes would not come back as they were.</summary>
    public static string? Of(byte[] bytes)
    {
        string text;
        try
        {
            text = Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }

        return !text.Any(IsLost) && Restore(text, text) == text ? text : null;
    }

    /// <summary>What the field sent, with ends of lines as the original has them.</summary>
    /// <param name="sent">The field's value as the browser sent it.</param>
    /// <param name="original">What <see cref="Of"/> had put into it.</param>
    public static string Restore(string sent, string? original)
    {
        var lines = sent.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        return original?.Contains("\r\n", StringComparison.Ordinal) is true ? lines.Replace("\n", "\r\n", StringComparison.Ordinal) : lines;
    }

    private static bool IsLost(char character) => char.IsControl(character) && character is not ('\t' or '\n' or '\r');
}
