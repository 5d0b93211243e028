using System.Globalization;

namespace Garam.Operations.Commands;

/// <summary>
/// A command of the program as a shell takes it: what a page shows as "the same in a terminal". Only the classes of this namespace make one, from the
/// request that a page carries out, so that no page writes a command by hand.
/// </summary>
public sealed record ShellCommand
{
    private readonly IReadOnlyList<string> _verb;
    private readonly IReadOnlyList<string> _names;
    private IReadOnlyList<string> _options = [];

    /// <param name="verb">The words of the command: <c>topic delete</c>.</param>
    /// <param name="names">What it is about. A name may begin with a dash.</param>
    internal ShellCommand(string verb, params IReadOnlyList<string> names) => (_verb, _names) = (verb.Split(' '), names);

    /// <summary>The words after <c>garam</c>.</summary>
    public IReadOnlyList<string> Arguments => _names.Any(name => name.StartsWith('-')) ? [.. _verb, .. _options, "--", .. _names] : [.. _verb, .. _names, .. _options];

    /// <summary>A line of input; null: the command reads none.</summary>
    public string? Input { get; init; }

    /// <summary>False: it talks to a running <c>garam up</c> or starts something, and takes no address of a broker.</summary>
    internal bool AsksKafka { get; init; } = true;

    /// <summary>The same with a further option.</summary>
    public ShellCommand With(string flag) => this with { _options = [.. _options, flag] };

    /// <summary>The same against these brokers, which are named where they are not the usual ones.</summary>
    public ShellCommand At(string bootstrapServers) =>
        AsksKafka && bootstrapServers is not ("127.0.0.1:9092" or "localhost:9092") ? With("-b", bootstrapServers) : this;

    /// <summary>The line to paste.</summary>
    public override string ToString()
    {
        var command = $"garam {string.Join(' ', Arguments.Select(ShellWord.Of))}";
        return Input is null ? command : $"printf '%s\\n' {ShellWord.Of(Input)} | {command}";
    }

    // One word where the value could be taken for an option.
    internal ShellCommand With(string option, string value) => this with { _options = [.. _options, .. value.StartsWith('-') ? [$"{option}={value}"] : (string[])[option, value]] };

    internal ShellCommand With(string option, long value) => With(option, value.ToString(CultureInfo.InvariantCulture));

    internal ShellCommand WithIf(bool condition, string flag) => condition ? With(flag) : this;

    internal ShellCommand WithIf(string? value, string option) => value is null ? this : With(option, value);
}
