using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Garam.Operations;

namespace Garam.CommandLine;

/// <summary>The parser's errors as a user needs them: it names types of the runtime, and does not say what was probably meant.</summary>
internal static partial class UsageErrors
{
    /// <summary>Everything that is wrong with a command line; empty where nothing is.</summary>
    public static IReadOnlyList<string> Of(ParseResult parsed) => [.. parsed.Errors.Select(error => Reworded(parsed, error.Message)).Concat(MistypedOptions(parsed))];

    // The parser takes an unknown option for an argument where the command takes several: `consume orders --offest 3` would read the topics orders, --offest and 3.
    private static IEnumerable<string> MistypedOptions(ParseResult parsed) => parsed.Tokens.Any(token => token.Type is TokenType.DoubleDash)
        ? []
        : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
            .Where(token => token.Value.StartsWith("--", StringComparison.Ordinal) && token.Value.Length > 2)
            .Select(token => NotKnown(parsed, token.Value));

    private static string Reworded(ParseResult parsed, string message)
    {
        if (WrongType().Match(message) is { Success: true } wrong)
            return $"{wrong.Groups["name"].Value} {wrong.Groups["text"].Value}: write {Expected(wrong.Groups["type"].Value)}.";
        return Unknown().Match(message) is { Success: true } unknown ? NotKnown(parsed, unknown.Groups["text"].Value) : message;
    }

    private static string NotKnown(ParseResult parsed, string word) =>
        $"{word} is not {(word.StartsWith('-') ? "an option" : "a command or argument")} here.{Suggestion.For(word, NamesAt(parsed.CommandResult))}";

    private static IEnumerable<string> NamesAt(CommandResult command)
    {
        var options = command.Command.Options.SelectMany(option => option.Aliases.Append(option.Name));
        var commands = command.Command.Subcommands.Where(verb => !verb.Hidden).SelectMany(verb => verb.Aliases.Append(verb.Name));
        var above = command.Parent is CommandResult parent ? NamesAt(parent).Where(name => name.StartsWith('-')) : [];
        return options.Concat(commands).Concat(above).Distinct();
    }

    private static string Expected(string type) => type switch
    {
        _ when type.Contains("Int16", StringComparison.Ordinal) || type.Contains("Int32", StringComparison.Ordinal) || type.Contains("Int64", StringComparison.Ordinal) => "a whole number",
        _ when type.Contains("Double", StringComparison.Ordinal) => "a number",
        _ when type.Contains("Boolean", StringComparison.Ordinal) => "true or false",
        _ => "another value: see the help",
    };

    [GeneratedRegex("^Cannot parse argument '(?<text>.*)' for (option|command) '(?<name>[^']*)' as expected type '(?<type>[^']*)'")]
    private static partial Regex WrongType();

    [GeneratedRegex("^Unrecognized command or argument '(?<text>.*)'\\.$")]
    private static partial Regex Unknown();
}
