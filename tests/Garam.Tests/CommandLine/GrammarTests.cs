using System.CommandLine;
using Garam.CommandLine;

namespace Garam.Tests.CommandLine;

public sealed class GrammarTests
{
    public static TheoryData<string> Commands => [.. Walk(GaramCommand.Root(), [])];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_explains_itself_without_asking_anybody(string command)
    {
        var output = new StringWriter();
        var parsed = GaramCommand.Root().Parse([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"], GaramCommand.Parsing);
        parsed.Errors.ShouldBeEmpty();
        parsed.Invoke(new InvocationConfiguration { Output = output, EnableDefaultExceptionHandler = false }).ShouldBe(0);
        output.ToString().ShouldContain("Usage:");
        output.ToString().ShouldNotMatch(@"\[default: [A-Z][a-z]", "words of the grammar are lower case");
    }

    [Theory]
    [InlineData("topic ls")]
    [InlineData("topic rm orders --yes")]
    [InlineData("topic desc orders")]
    [InlineData("topic")]
    [InlineData("group")]
    [InlineData("dlq")]
    [InlineData("dead-letter ls -o yaml")]
    [InlineData("group lag --max 1000 --max-behind 5m")]
    [InlineData("group undo orders --dry-run")]
    [InlineData("dlq redrive orders.billing.dlt 0:42 --yes")]
    [InlineData("dlq redrive orders.billing.dlt --all --rate 100 --dry-run")]
    [InlineData("dlq edit orders.billing.dlt 0:42 --value x --yes")]
    [InlineData("consume orders payments -p 0 -p 1 --until @2026-02-14T09:00:00Z --timeout 5s -n 3")]
    [InlineData("consume orders -O -10 --exit -o yaml")]
    [InlineData("message show orders 0 42")]
    [InlineData("message resend orders 0 42 --to other --yes")]
    [InlineData("topic clear orders --before @0 --yes")]
    [InlineData("topic clear orders --before -7d --yes --local")]
    [InlineData("consume orders -O @today --until @-5m --local -o csv")]
    [InlineData("consume orders -O -1h")]
    [InlineData("group reset billing --to @today --dry-run --local")]
    [InlineData("topic config orders --set a=b --unset c --yes")]
    [InlineData("topic copy a b -p 1 -O @0 --until 9 --keep-partitions --dry-run")]
    [InlineData("cluster health --wait --timeout 5s")]
    [InlineData("completion fish")]
    public void It_is_a_command_line(string line) => Parse(line).Errors.ShouldBeEmpty();

    [Theory]
    [InlineData("topic list -o xml", "table, json, ndjson or yaml")]
    [InlineData("dlq redrive t", "--all")]
    [InlineData("dlq redrive t 0:1 --all", "--all")]
    [InlineData("dlq show t 0-1", "PARTITION:OFFSET")]
    [InlineData("produce t --tombstone", "--key")]
    [InlineData("produce t --keep-partitions", "ndjson")]
    [InlineData("consume t --until tomorrow", "--until")]
    [InlineData("consume t -O soon", "--offset")]
    [InlineData("topic clear t --before noon --yes", "--before")]
    public void A_mistake_is_answered_with_what_to_write(string line, string advice) =>
        string.Join('\n', Parse(line).Errors.Select(error => error.Message)).ShouldContain(advice);

    [Theory]
    [InlineData("-b 127.0.0.1:1 topic list", "-b belongs after the command: garam topic list -b ...")]
    [InlineData("topic --yes delete orders", "--yes belongs after the command: garam topic delete --yes ...")]
    [InlineData("grup lag", "grup is not a command or argument here. Did you mean group?")]
    [InlineData("topic lst", "lst is not a command or argument here. Did you mean list or ls?")]
    public void What_is_wrong_is_said_first_and_nothing_beside_it(string line, string said) =>
        UsageErrors.Of(Parse(line))[0].ShouldStartWith(said);

    [Fact]
    public void The_value_of_an_option_that_was_given_too_early_is_no_mistake_of_its_own() =>
        UsageErrors.Of(Parse("-b 127.0.0.1:1 topic list")).ShouldHaveSingleItem();

    [Theory]
    [InlineData("topic|list", "topic")]
    [InlineData("__complete|garam topic de", "topic")]
    [InlineData("__complete|garam top", null)]
    [InlineData("__complete|garam topic", null)]
    [InlineData("__complete|garam", null)]
    [InlineData("--local|topic|list", null)]
    [InlineData("tpoic|list", null)]
    [InlineData("help|topic", null)]
    [InlineData("", null)]
    public void A_command_line_needs_the_grammar_of_the_command_that_it_names(string args, string? command) =>
        GaramCommand.NamedBy(args.Split('|')).ShouldBe(command);

    [Fact]
    public void The_grammar_of_one_command_describes_that_command_and_no_other()
    {
        string[] always = ["help", "completion", "__complete"];
        var commands = GaramCommand.Root().Subcommands.Select(command => command.Name).Except(always).ToList();
        commands.Count.ShouldBeGreaterThan(10);
        foreach (var command in commands)
        {
            GaramCommand.NamedBy([command]).ShouldBe(command);
            GaramCommand.Root(command).Subcommands.Select(described => described.Name).ShouldBe([command, .. always]);
        }
    }

    private static ParseResult Parse(string line)
    {
        var words = line.Split(' ');
        return GaramCommand.Root(GaramCommand.NamedBy(words)).Parse(words, GaramCommand.Parsing);
    }

    private static IEnumerable<string> Walk(Command command, string[] path) =>
        command.Subcommands.Where(child => !child.Hidden).SelectMany(child => Walk(child, [.. path, child.Name])).Prepend(string.Join(' ', path));
}
