using System.CommandLine;
using Garam.CommandLine;
using Garam.Completion;
using Garam.Connections;
using Garam.Operations;
using Garam.Operations.Topics;

namespace Garam.Topics;

/// <summary><c>garam topic create|delete|add-partitions</c>.</summary>
internal static class TopicLifecycle
{
    public static void AddTo(KafkaNoun noun)
    {
        AddCreate(noun);
        AddDelete(noun);
        AddPartitions(noun);
    }

    // Takes nothing away: nobody is asked.
    private static void AddCreate(KafkaNoun noun)
    {
        var names = new Argument<string[]>("TOPIC") { Arity = ArgumentArity.OneOrMore, Description = "names of topics" };
        var partitions = new Option<int?>("--partitions", "-p") { Description = "partitions of each; the cluster's default if left out", HelpName = "N" };
        var replication = new Option<short?>("--replication-factor", "-r") { Description = "copies of each partition; the cluster's default if left out", HelpName = "N" };
        var configs = new Option<string[]>("--config", "-c") { Description = "a topic config, for example retention.ms=86400000", HelpName = "NAME=VALUE" }.OfConfigs("=");
        var tolerant = new Option<bool>("--if-not-exists") { Description = "leave a topic that exists as it is, without an error" };
        var dryRun = new Option<bool>("--dry-run") { Description = "have the broker check it, and create nothing" };
        NameValue.Require(configs);
        noun.Verb("create", "Create topics", [names, partitions, replication, configs, tolerant, dryRun], async (parsed, kafka, ct) =>
        {
            var outcomes = await new TopicOperations(kafka).CreateAsync(
                parsed.GetRequiredValue(names), parsed.GetValue(partitions), parsed.GetValue(replication), NameValue.Read(parsed, configs), parsed.GetValue(dryRun), ct);
            return Outcomes.Report(noun.Format(parsed), parsed.GetValue(dryRun) ? "can be created" : "created", outcomes, parsed.GetValue(tolerant) ? FailureKind.Conflict : null);
        });
    }

    private static void AddDelete(KafkaNoun noun)
    {
        var names = KafkaNames.AllTopics(noun.Connection);
        var tolerant = new Option<bool>("--if-exists") { Description = "a topic that does not exist is no error" };
        var change = new Change();
        var verb = noun.Verb("delete", "Delete topics and everything in them", [names, tolerant, noun.Connection.AllowInternal], async (parsed, kafka, ct) =>
        {
            var operations = new TopicOperations(kafka);
            var asked = parsed.GetRequiredValue(names);
            var records = await operations.CountRecordsAsync(asked, ct);
            var gaps = change.IsShown(parsed) ? await operations.AllGapsAsync([.. asked.Where(name => records[name] > 0).Distinct()], ct) : new Dictionary<string, OffsetGaps>();
            if (change.IsShown(parsed))
                foreach (var name in asked)
                    Talk.Say($"{name}: {(records[name] is { } count ? $"{Counts.Of(Words.Count(count, "record"), gaps.GetValueOrDefault(name))} would go" : "does not exist")}");
            if (!change.IsApproved(parsed, $"delete {Words.Count(asked.Length, "topic")} with {(gaps.Values.Any(gap => gap is not OffsetGaps.None) ? "≈ " : "")}{Words.Count(records.Values.Sum() ?? 0, "record")}"))
                return parsed.GetValue(tolerant) ? ExitCode.Ok : ExitCode.OfMissing(asked.Count(name => records[name] is null), asked.Length);
            return Outcomes.Report(noun.Format(parsed), "deleted", await operations.DeleteAsync(asked, ct), parsed.GetValue(tolerant) ? FailureKind.NotFound : null);
        });
        change.AddTo(verb);
        verb.Aliases.Add("rm");
    }

    private static void AddPartitions(KafkaNoun noun)
    {
        var name = KafkaNames.Topic(noun.Connection);
        var total = new Argument<int>("TOTAL") { Description = "how many partitions it shall have" };
        var change = new Change();
        var verb = noun.Verb("add-partitions", "Give a topic more partitions: keys may then belong to others than before", [name, total, noun.Connection.AllowInternal], async (parsed, kafka, ct) =>
        {
            var operations = new TopicOperations(kafka);
            var (topic, wanted) = (parsed.GetRequiredValue(name), parsed.GetValue(total));
            await operations.AddPartitionsAsync(topic, wanted, dryRun: true, ct);
            if (change.IsApproved(parsed, $"give topic {topic} {Words.Count(wanted, "partition")}, for good; new records of a key may go to another partition than its old ones"))
            {
                await operations.AddPartitionsAsync(topic, wanted, dryRun: false, ct);
                Talk.Say($"{topic}: {Words.Count(wanted, "partition")}");
            }

            return ExitCode.Ok;
        });
        change.AddTo(verb);
    }
}
