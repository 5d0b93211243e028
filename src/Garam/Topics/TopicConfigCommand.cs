using System.CommandLine;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Operations.Topics;

namespace Garam.Topics;

/// <summary><c>garam topic config TOPIC</c>: what is set, and with <c>--set</c> or <c>--unset</c> what shall be.</summary>
internal static class TopicConfigCommand
{
    public static void AddTo(KafkaNoun noun)
    {
        var name = KafkaNames.Topic(noun.Connection);
        var set = new Option<string[]>("--set", "-s") { Description = "set a config", HelpName = "NAME=VALUE" };
        var unset = new Option<string[]>("--unset", "-u") { Description = "take a config back to the cluster's default", HelpName = "NAME" };
        var all = new Option<bool>("--all") { Description = "show defaults, too" };
        var change = new Change();
        NameValue.Require(set);
        var verb = noun.Verb("config", "Show the configs of a topic, or change them", [name, set, unset, all, noun.Connection.AllowInternal], async (parsed, kafka, ct) =>
        {
            var operations = new TopicOperations(kafka);
            var topic = parsed.GetRequiredValue(name);
            var before = await operations.ConfigsAsync(topic, ct);
            var changes = Changes(parsed, set, unset);
            if (changes.Count == 0)
                Show(noun.Format(parsed), parsed.GetValue(all) ? before : [.. before.Where(config => config.IsSet)]);
            else
                await ChangeAsync(parsed, operations, topic, before, changes, change, ct);
            return ExitCode.Ok;
        });
        change.AddTo(verb, when: result => result.GetValue(set) is { Length: > 0 } || result.GetValue(unset) is { Length: > 0 });
    }

    private static Dictionary<string, string?> Changes(ParseResult parsed, Option<string[]> set, Option<string[]> unset)
    {
        var changes = NameValue.Read(parsed, set).ToDictionary(pair => pair.Key, string? (pair) => pair.Value);
        foreach (var name in parsed.GetValue(unset) ?? [])
            if (!changes.TryAdd(name, null))
                throw new CommandFailure(ExitCode.Usage, $"{name} cannot be set and unset at once.");
        return changes;
    }

    private static void Show(OutputFormat format, IReadOnlyList<TopicConfig> configs) =>
        Output.Print(format, configs, ("NAME", config => config.Name), ("VALUE", config => config.Sensitive ? "(hidden)" : config.Value), ("DEFAULT", config => config.Default), ("SET", config => config.IsSet ? "yes" : "no"));

    private static async Task ChangeAsync(
        ParseResult parsed, TopicOperations operations, string topic, IReadOnlyList<TopicConfig> before, Dictionary<string, string?> changes, Change change, CancellationToken ct)
    {
        await operations.SetConfigsAsync(topic, changes, dryRun: true, ct);
        foreach (var (name, value) in changes)
        {
            var config = before.FirstOrDefault(config => config.Name == name);
            Talk.Say($"{topic}: {name} {config?.Value ?? "(not set)"} -> {value ?? $"{config?.Default ?? "the default"} (default)"}");
        }

        if (change.IsApproved(parsed, $"change {Words.Count(changes.Count, "config")} of topic {topic}"))
            await operations.SetConfigsAsync(topic, changes, dryRun: false, ct);
    }
}
