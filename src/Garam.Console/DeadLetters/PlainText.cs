using Garam.Operations.Messages;

namespace Garam.Console.DeadLetters;

/// <summary>What a stranger wrote about a failure, for a line of a table.</summary>
internal static class PlainText
{
    /// <summary>On one line, cut after so many characters; nothing in it hides.</summary>
    public static string Of(string? text, int characters = 300) =>
        text is null ? "" : VisibleText.Of(text.Length <= characters ? text : $"{text[..characters]}…", keepLines: false);
}
