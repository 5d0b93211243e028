using System.CommandLine;
using System.Text.RegularExpressions;
using Garam.Operations;

namespace Garam.CommandLine;

/// <summary>The parser's errors as a user needs them: it names types of the runtime, and does not say what was probably meant.</summary>
internal static partial class UsageErrors
{
    public static string Of(ParseResult parsed, string message)
    {
        if (WrongType().Match(message) is { Success: true } wrong)
            return $"{wrong.Groups["name"].Value} {wrong.Groups["text"].Value}: write {Expected(wrong.Groups["type"].Value)}.";
        if (Unknown().Match(message) is { Success: true } unknown)
            return $"{unknown.Groups["text"].Value} is not {(unknown.Groups["text"].Value.StartsWith('-') ? "an option" : "a command or argument")} here.{Suggestion.For(unknown.Groups["text"].Value, NamesAt(parsed.CommandResult))}";
        return message;
    }

    private static IEnumerable<string> NamesAt(System.CommandLine.Parsing.CommandResult command)
    {
        var options = command.Command.Options.SelectMany(option => option.Aliases.Append(option.Name));
        var commands = command.Command.Subcommands.Where(verb => !verb.Hidden).SelectMany(verb => verb.Aliases.Append(verb.Name));
        var above = command.Parent is System.CommandLine.Parsing.CommandResult parent ? NamesAt(parent).Where(name => name.StartsWith('-')) : [];
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
