using System.Text;
using Garam.Operations.Messages;

namespace Garam.Console.DeadLetters;

/// <summary>Text that a stranger wrote, for a person to read: control characters and marks that turn the direction are shown for what they are.</summary>
internal static class PlainText
{
    /// <summary>On one line, cut after so many characters.</summary>
    public static string Of(string? text, int characters = 300) => text is null ? "" : RecordText.Line(Encoding.UTF8.GetBytes(text), characters);

    /// <summary>With its lines.</summary>
    public static string Lines(string text) => RecordText.Of(Encoding.UTF8.GetBytes(text)).Text;
}
