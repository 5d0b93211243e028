using System.CommandLine;
using System.CommandLine.Completions;
using Garam.CommandLine;

namespace Garam.Completion;

/// <summary>What may come next in a command line that is being written.</summary>
internal static class Suggestions
{
    /// <summary>The command in which a line is being written; null while its name is.</summary>
    public static string? CommandIn(string line) => line.Split(' ') is [_, var command, _, ..] ? command : null;

    /// <param name="root">The grammar.</param>
    /// <param name="line">The command line up to the cursor, the program's name first.</param>
    public static IEnumerable<CompletionItem> Of(RootCommand root, string line)
    {
        var begin = line.IndexOf(' ');
        if (begin < 0)
            return [];
        var arguments = line[(begin + 1)..];
        var word = arguments[(arguments.LastIndexOf(' ') + 1)..];
        var parsed = root.Parse(arguments, GaramCommand.Parsing);
        return from item in parsed.GetCompletions(arguments.Length)
               where item.Label.StartsWith(word, StringComparison.Ordinal) && (word.StartsWith('-') || !item.Label.StartsWith('-')) && item.Label is not ("-?" or ['/', ..])
               orderby item.Label
               select item;
    }
}
