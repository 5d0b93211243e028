using System.CommandLine;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Operations;
using Garam.Operations.Topics;

namespace Garam.Topics;

/// <summary><c>garam topic list|describe|create|delete</c>, on any Kafka.</summary>
internal static class TopicCommands
{
    public static Command Create()
    {
        var connection = new ConnectionOptions();
        var format = Output.Format();
        var topic = new Command("topic", "See and manage topics, on any Kafka") { format };
        connection.AddTo(topic);
        topic.Add(List(connection, format));
        topic.Add(Describe(connection, format));
        topic.Add(CreateTopics(connection));
        topic.Add(Delete(connection));
        return topic;
    }

    private static Command List(ConnectionOptions connection, Option<OutputFormat> format)
    {
        var all = new Option<bool>("--internal") { Description = "list Kafka's own topics, too" };
        var command = new Command("list", "List topics") { all };
        command.Aliases.Add("ls");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var kafka = connection.Open(parsed);
            var topics = (await new TopicOperations(kafka).ListAsync(cancellationToken)).Where(topic => parsed.GetValue(all) || !topic.Internal).ToList();
            Output.Print(parsed.GetValue(format), topics,
                ("NAME", topic => topic.Name), ("PARTITIONS", topic => topic.Partitions), ("REPLICATION", topic => topic.ReplicationFactor));
        });
        return command;
    }

    private static Command Describe(ConnectionOptions connection, Option<OutputFormat> format)
    {
        var names = Names();
        var command = new Command("describe", "Show partitions, offsets and configs of topics") { names };
        command.Aliases.Add("desc");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var kafka = connection.Open(parsed);
            var topics = await new TopicOperations(kafka).DescribeAsync(parsed.GetRequiredValue(names), cancellationToken);
            if (parsed.GetValue(format) is var shape and not OutputFormat.Table)
                Output.Print(shape, topics);
            else
                foreach (var topic in topics)
                    Show(topic);
        });
        return command;
    }

    private static void Show(TopicDetail topic)
    {
        System.Console.Out.WriteLine($"topic {topic.Name}: {topic.Partitions.Count} partitions");
        foreach (var (name, value) in topic.Configs)
            System.Console.Out.WriteLine($"config {name}={value}");
        Output.Print(OutputFormat.Table, topic.Partitions,
            ("PARTITION", partition => partition.Partition), ("LEADER", partition => partition.Leader),
            ("REPLICAS", partition => string.Join(',', partition.Replicas)), ("IN SYNC", partition => string.Join(',', partition.InSyncReplicas)),
            ("START", partition => partition.StartOffset), ("END", partition => partition.EndOffset), ("RECORDS", partition => partition.Records));
    }

    private static Command CreateTopics(ConnectionOptions connection)
    {
        var names = Names();
        var partitions = new Option<int?>("--partitions", "-p") { Description = "partitions of each; the cluster's default if left out" };
        var replication = new Option<short?>("--replication-factor", "-r") { Description = "copies of each partition; the cluster's default if left out" };
        var configs = new Option<string[]>("--config", "-c") { Description = "a topic config, for example retention.ms=86400000", HelpName = "NAME=VALUE" };
        var tolerant = new Option<bool>("--if-not-exists") { Description = "leave a topic that exists as it is, without an error" };
        NameValue.Require(configs);
        var command = new Command("create", "Create topics") { names, partitions, replication, configs, tolerant };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var kafka = connection.Open(parsed);
            var topics = parsed.GetRequiredValue(names);
            var outcomes = await new TopicOperations(kafka).CreateAsync(
                topics, parsed.GetValue(partitions), parsed.GetValue(replication), NameValue.Read(parsed, configs), dryRun: false, cancellationToken);
            return Report("created", outcomes, tolerated: parsed.GetValue(tolerant) ? FailureKind.Conflict : null);
        });
        return command;
    }

    private static Command Delete(ConnectionOptions connection)
    {
        var names = Names();
        var yes = new Option<bool>("--yes", "-y") { Description = "do not ask" };
        var tolerant = new Option<bool>("--if-exists") { Description = "a topic that does not exist is no error" };
        var command = new Command("delete", "Delete topics and everything in them") { names, yes, tolerant };
        command.Aliases.Add("rm");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var topics = parsed.GetRequiredValue(names);
            if (!Talk.Confirm($"delete with all records: {string.Join(", ", topics)}", parsed.GetValue(yes)))
                return ExitCode.Failure;
            using var kafka = connection.Open(parsed);
            return Report("deleted", await new TopicOperations(kafka).DeleteAsync(topics, cancellationToken), tolerated: parsed.GetValue(tolerant) ? FailureKind.NotFound : null);
        });
        return command;
    }

    // One topic's failure is the command's; of several, the others still happened: that is "partial".
    private static int Report(string done, IReadOnlyList<Outcome> outcomes, FailureKind? tolerated)
    {
        foreach (var outcome in outcomes)
            Talk.Say($"{outcome.Name}: {outcome.Failure?.Message ?? done}");
        var failures = outcomes.Select(outcome => outcome.Failure).OfType<OperationException>().Where(failure => failure.Kind != tolerated).ToList();
        return failures.Count == 0 ? ExitCode.Ok : failures.Count < outcomes.Count ? ExitCode.Partial : ExitCode.Of(failures[0].Kind);
    }

    private static Argument<string[]> Names() => new("TOPIC") { Arity = ArgumentArity.OneOrMore, Description = "names of topics" };
}
