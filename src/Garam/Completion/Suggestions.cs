using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
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
        var aliases = parsed.CommandResult.Command.Subcommands.SelectMany(command => command.Aliases.Where(alias => alias != command.Name)).ToHashSet();
        return from item in Possible(parsed, arguments)
               where !aliases.Contains(item.Label) && item.Label.StartsWith(word, StringComparison.Ordinal) && (word.StartsWith('-') || !item.Label.StartsWith('-')) && item.Label is not ("-?" or ['/', ..])
               orderby item.Label
               select item;
    }

    // The parser would complete one more value of an option that may be given several times, and true or false for a switch: here each takes one word or none.
    private static IEnumerable<CompletionItem> Possible(ParseResult parsed, string arguments) =>
        arguments.Split(' ') is [.., var before, _] && TakesValue(parsed.CommandResult, before)
            ? parsed.GetCompletions(arguments.Length)
            : parsed.CommandResult.Command.GetCompletions(parsed.GetCompletionContext());

    private static bool TakesValue(CommandResult? command, string name) => command is not null && (command.Command.Options
        .Any(option => (option.Name == name || option.Aliases.Contains(name)) && option.ValueType != typeof(bool)) || TakesValue(command.Parent as CommandResult, name));
}
