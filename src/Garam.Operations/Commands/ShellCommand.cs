using System.Globalization;

namespace Garam.Operations.Commands;

/// <summary>A command of the program as a shell takes it: what a page shows as "the same in a terminal".</summary>
/// <param name="Arguments">Words after <c>garam</c>: the command, its arguments, and options in the form <c>--name=value</c> where the value could be taken for an option.</param>
public sealed record ShellCommand(IReadOnlyList<string> Arguments)
{
    /// <summary>A line of input; null: the command reads none.</summary>
    public string? Input { get; init; }

    /// <summary>The same with further words.</summary>
    public ShellCommand With(params IReadOnlyList<string> words) => this with { Arguments = [.. Arguments, .. words] };

    /// <summary>The line to paste.</summary>
    public override string ToString()
    {
        var command = $"garam {string.Join(' ', Arguments.Select(ShellWord.Of))}";
        return Input is null ? command : $"printf '%s\\n' {ShellWord.Of(Input)} | {command}";
    }

    /// <summary>An option with its value, as one word where the value begins with a dash.</summary>
    internal static IReadOnlyList<string> Option(string name, string value) => value.StartsWith('-') ? [$"{name}={value}"] : [name, value];

    internal static IReadOnlyList<string> Option(string name, long value) => [name, value.ToString(CultureInfo.InvariantCulture)];
}
