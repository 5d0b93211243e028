using Garam.Operations.Messages;

namespace Garam.Operations.Commands;

/// <summary>Words as a shell takes them: a group may be called anything, and a command that is shown is there to be pasted.</summary>
public static class ShellWord
{
    /// <summary>The word as it is where nothing in it means anything to a shell, else in quotes.</summary>
    public static string Of(string word) => word switch
    {
        "" => "''",
        _ when word.All(letter => char.IsLetterOrDigit(letter) || letter is '.' or '_' or '-' or ':' or '/' or ',' or '=' or '@' or '+') => word,
        _ when word.Any(IsHidden) => $"$'{string.Concat(word.Select(Escaped))}'",
        _ => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'",
    };

    private static string Escaped(char letter) => letter switch
    {
        '\'' => @"\'",
        '\\' => @"\\",
        _ when IsHidden(letter) => $"\\u{(int)letter:x4}",
        _ => letter.ToString(),
    };

    // Also marks that turn the direction of writing: the command that one reads is the command that runs.
    private static bool IsHidden(char letter) => char.IsControl(letter) || VisibleText.Of(letter.ToString(), keepLines: false)[0] != letter;
}
