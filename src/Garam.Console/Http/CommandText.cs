using Garam.Console.Elements;
using Garam.Operations;
using Garam.Operations.Commands;
using Microsoft.AspNetCore.Http;

namespace Garam.Console.Http;

/// <summary>The command of a form that is being filled in, for command.js: made from the request that the form sends. No text while a field makes no sense.</summary>
internal static class CommandText
{
    public static async Task<IResult> AnswerAsync(HttpRequest request, ConsoleOptions options, Func<IFormCollection, ShellCommand?> command, CancellationToken ct) =>
        Answer(Try(await request.ReadFormAsync(ct), command), options);

    public static IResult Answer(ShellCommand? command, ConsoleOptions options) => Results.Text(Cli.Line(command, options));

    private static ShellCommand? Try(IFormCollection form, Func<IFormCollection, ShellCommand?> command)
    {
        try
        {
            return command(form);
        }
        catch (OperationException)
        {
            return null;
        }
    }
}
