using System.CommandLine;
using System.Globalization;
using Garam.CommandLine;
using Garam.Import;

namespace Garam.Outboxes;

/// <summary><c>garam outbox list|retry|remove|dead-letter</c>: messages of a running platform that cannot be sent, over its HTTP
/// API.</summary>
internal static class OutboxCommands
{
    private static readonly Option<string?> Outbox = new("--outbox") { Description = "which outbox; left out: the only one, or all of a list", HelpName = "NAME" };

    public static Command Create()
    {
        var list = ListCommand();
        var noun = new Command("outbox", "Messages of a running platform that wait to be sent to Kafka")
        {
            list,
            ChangeCommand("retry", "Send undeliverable messages again, before the later ones of their keys", "sent again"),
            ChangeCommand("remove", "Remove messages: their records will not be written", "removed"),
            ChangeCommand("dead-letter", "Write messages to their dead-letter topics and remove them", "moved to dead letters"),
        };
        noun.Subcommands.Single(command => command.Name == "remove").Aliases.Add("rm");
        return noun;
    }

    private static Command ListCommand()
    {
        var all = new Option<bool>("--all") { Description = "those that merely wait, too" };
        var limit = new Option<int>("--limit", "-n") { Description = "messages of each outbox", HelpName = "N", DefaultValueFactory = _ => 100 };
        var shape = Output.Format();
        var command = new Command("list", "Undeliverable messages, the oldest first") { Outbox, all, limit, ContentCommands.Server, shape };
        command.Aliases.Add("ls");
        command.SetAction((parsed, ct) => OutboxList.PrintAsync(
            new OutboxClient(parsed.GetRequiredValue(ContentCommands.Server)), parsed.GetValue(Outbox), parsed.GetValue(all), parsed.GetValue(limit),
            Output.Of(parsed, shape), ct));
        return command;
    }

    private static Command ChangeCommand(string verb, string description, string done)
    {
        var ids = new Argument<long[]>("ID") { Arity = ArgumentArity.ZeroOrMore, Description = "ids of messages" };
        var all = new Option<bool>("--all") { Description = "every undeliverable message" };
        var change = new Change();
        var command = new Command(verb, description) { ids, all, Outbox, ContentCommands.Server };
        change.AddTo(command);
        command.AddCheck(result =>
        {
            if (result.GetValue(all) == result.GetValue(ids) is { Length: > 0 })
                result.AddError("name the messages by their ids, or all undeliverable ones with --all.");
        });
        command.SetAction(async (parsed, ct) =>
        {
            using var client = new OutboxClient(parsed.GetRequiredValue(ContentCommands.Server));
            var outbox = await client.OneAsync(parsed.GetValue(Outbox), ct);
            var chosen = parsed.GetValue(all) ? await client.UndeliverableAsync(outbox, ct) : parsed.GetValue(ids)!;
            var found = change.IsShown(parsed) && !parsed.GetValue(all) ? await client.FindAsync(outbox, chosen, verb, ct) : chosen;
            if (change.IsShown(parsed) && found.Count > 0)
                Talk.Say($"outbox {outbox}: {string.Join(", ", found.Select(id => id.ToString(CultureInfo.InvariantCulture)))} would be {done}");
            return found.Count > 0 && change.IsApproved(parsed, $"{verb} {Words.Count(found.Count, "message")} of outbox {outbox}")
                ? await client.DecideAsync(outbox, chosen, verb, done, ct)
                : ExitCode.OfMissing(chosen.Count - found.Count, chosen.Count);
        });
        return command;
    }
}
