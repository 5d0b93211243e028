using System.CommandLine;

namespace Garam.CommandLine;

/// <summary><c>garam help [COMMAND]...</c>, and <c>garam help exit-codes</c>.</summary>
internal static class HelpCommand
{
    public static Command Create(RootCommand root)
    {
        var words = new Argument<string[]>("COMMAND") { Arity = ArgumentArity.ZeroOrMore, Description = "a command, or exit-codes" };
        var command = new Command("help", "Explain a command, or the exit codes") { words };
        command.SetAction((parsed, ct) =>
        {
            var asked = parsed.GetValue(words) ?? [];
            if (asked is not ["exit-codes"])
                return root.Parse([.. asked, "--help"], GaramCommand.Parsing).InvokeAsync(null, ct);
            TextTable.Write(System.Console.Out, Terminal.Stdout, ["CODE", "MEANS"], ExitCode.Meanings.Select(meaning => new object?[] { meaning.Code, meaning.Meaning }));
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }
}
