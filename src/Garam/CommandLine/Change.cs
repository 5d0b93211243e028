using System.CommandLine;
using System.CommandLine.Parsing;

namespace Garam.CommandLine;

/// <summary>
/// What every command has that takes something away or sends something again: <c>--dry-run</c> shows what would happen, and a person is asked
/// before it does. A script says <c>--yes</c>: nobody is there to ask.
/// </summary>
internal sealed class Change
{
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "do not ask" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "show what would be done, and do nothing" };

    /// <param name="command">A command that changes something.</param>
    /// <param name="when">Whether this call of it does; null: each does.</param>
    public void AddTo(Command command, Func<CommandResult, bool>? when = null)
    {
        command.Add(_yes);
        command.Add(_dryRun);
        command.AddCheck(result =>
        {
            if (when?.Invoke(result) is not false && !result.GetValue(_yes) && !result.GetValue(_dryRun) && CommandStreams.IsInputRedirected)
                result.AddError("nobody is there to ask: add --yes to do this, or --dry-run to see what it would do.");
        });
    }

    public bool IsDryRun(ParseResult parsed) => parsed.GetValue(_dryRun);

    /// <summary>Whether somebody wants to see the plan before it is done: not one who has said yes to it unseen.</summary>
    public bool IsShown(ParseResult parsed) => IsDryRun(parsed) || !parsed.GetValue(_yes);

    /// <summary>Whether to do it now; asks where it was not said. The plan has been shown.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="question">What would be done, without a question mark.</param>
    /// <exception cref="CommandFailure">The person said no.</exception>
    public bool IsApproved(ParseResult parsed, string question)
    {
        if (IsDryRun(parsed))
        {
            Talk.Say("nothing was changed: this was a dry run.");
            return false;
        }

        if (parsed.GetValue(_yes) || Talk.Ask(question))
            return true;
        throw new CommandFailure(ExitCode.Failure, "nothing was changed.");
    }
}
