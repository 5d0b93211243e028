using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Garam.Operations;

namespace Garam.CommandLine;

/// <summary>The parser's errors as a user needs them: it names types of the runtime, and does not say what was probably meant.</summary>
internal static partial class UsageErrors
{
    /// <summary>Everything that is wrong with a command line; empty where nothing is.</summary>
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        var unknown = parsed.Errors.Select(error => Unknown().Match(error.Message)).Where(match => match.Success).Select(match => match.Groups["text"].Value).ToList();
        var ignored = unknown.Where((word, index) => index > 0 && IsValueOf(parsed, unknown[index - 1], word)).ToHashSet();
        var errors = parsed.Errors.Select(error => error.Message)
            .Where(message => unknown.Count == 0 || message != NoCommand)
            .Where(message => !(Unknown().Match(message) is { Success: true } match && ignored.Contains(match.Groups["text"].Value)));
        return [.. errors.Select(message => Reworded(parsed, message)).Concat(MistypedOptions(parsed))];
    }

    // What the parser says beside an unknown command: the unknown word says more.
    private const string NoCommand = "Required command was not provided.";

    /// <summary>Whether a word stands behind an option that was given too early, as its value.</summary>
    private static bool IsValueOf(ParseResult parsed, string option, string word)
    {
        var words = parsed.Tokens.Select(token => token.Value).ToList();
        return IsEarly(parsed, option) && words.Zip(words.Skip(1)).Contains((option, word));
    }

    /// <summary>Whether the parser did not know an option because it stands before the command that has it.</summary>
    private static bool IsEarly(ParseResult parsed, string word) => word.StartsWith('-') && NamesAt(parsed.CommandResult).Contains(word);

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

    private static string NotKnown(ParseResult parsed, string word) => IsEarly(parsed, word)
        ? $"{word} belongs after the command: {NameOf(parsed.CommandResult)} {word} ..."
        : $"{word} is not {(word.StartsWith('-') ? "an option" : "a command or argument")} here.{Suggestion.For(word, NamesAt(parsed.CommandResult))}";

    /// <summary>A command as it is called, with those above it.</summary>
    public static string NameOf(CommandResult command) => command.Command is RootCommand || command.Parent is not CommandResult parent ? "garam" : $"{NameOf(parent)} {command.Command.Name}";

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
