using System.CommandLine;
using Garam.CommandLine;
using Garam.Completion;
using Garam.Connections;
using Garam.Operations.Topics;

namespace Garam.Topics;

/// <summary><c>garam topic config TOPIC</c>: what is set, and with <c>--set</c> or <c>--unset</c> what shall be.</summary>
internal static class TopicConfigCommand
{
    public static void AddTo(KafkaNoun noun)
    {
        var names = KafkaNames.AllTopics(noun.Connection);
        var set = new Option<string[]>("--set", "-s") { Description = "set a config; times and sizes may have units: retention.ms=7d, segment.bytes=1GiB", HelpName = "NAME=VALUE" }.OfConfigs("=");
        var unset = new Option<string[]>("--unset", "-u") { Description = "take a config back to the cluster's default", HelpName = "NAME" }.OfConfigs();
        var all = new Option<bool>("--all") { Description = "show defaults, too" };
        var change = new Change();
        NameValue.Require(set);
        var verb = noun.Verb("config", "Show the configs of a topic, or change them, of several topics at once too", [names, set, unset, all, noun.Connection.AllowInternal], async (parsed, kafka, ct) =>
        {
            var operations = new TopicOperations(kafka);
            var topics = parsed.GetRequiredValue(names).Distinct().ToList();
            var changes = Changes(parsed, set, unset);
            if (changes.Count > 0)
                await ChangeAsync(parsed, operations, topics, changes, change, ct);
            else if (topics is [var topic])
                Show(noun.Format(parsed), (await operations.ConfigsAsync(topic, ct)).Where(config => parsed.GetValue(all) || config.IsSet).ToList());
            else
                throw new CommandFailure(ExitCode.Usage, "the configs of one topic are shown at a time: name one, or add --set or --unset.");
            return ExitCode.Ok;
        });
        change.AddTo(verb, when: result => result.GetValue(set) is { Length: > 0 } || result.GetValue(unset) is { Length: > 0 });
    }

    private static Dictionary<string, string?> Changes(ParseResult parsed, Option<string[]> set, Option<string[]> unset)
    {
        var changes = NameValue.Read(parsed, set).ToDictionary(pair => pair.Key, string? (pair) => ConfigUnits.Plain(pair.Key, pair.Value));
        foreach (var name in parsed.GetValue(unset) ?? [])
            if (!changes.TryAdd(name, null))
                throw new CommandFailure(ExitCode.Usage, $"{name} cannot be set and unset at once.");
        return changes;
    }

    private static void Show(OutputFormat format, IReadOnlyList<TopicConfig> configs) =>
        Output.Print(format, configs, ("NAME", config => config.Name), ("VALUE", config => config.Sensitive ? "(hidden)" : config.Value), ("DEFAULT", config => config.Default), ("SET", config => config.IsSet ? "yes" : "no"));

    private static async Task ChangeAsync(
        ParseResult parsed, TopicOperations operations, List<string> topics, Dictionary<string, string?> changes, Change change, CancellationToken ct)
    {
        foreach (var topic in topics)
            await PreviewAsync(operations, topic, changes, ct);
        if (!change.IsApproved(parsed, $"change {Words.Count(changes.Count, "config")} of {(topics is [var only] ? $"topic {only}" : Words.Count(topics.Count, "topic"))}"))
            return;
        foreach (var topic in topics)
            await operations.SetConfigsAsync(topic, changes, dryRun: false, ct);
    }

    private static async Task PreviewAsync(TopicOperations operations, string topic, Dictionary<string, string?> changes, CancellationToken ct)
    {
        await operations.SetConfigsAsync(topic, changes, dryRun: true, ct);
        var before = await operations.ConfigsAsync(topic, ct);
        foreach (var (name, value) in changes)
        {
            var config = before.FirstOrDefault(config => config.Name == name);
            Talk.Say($"{topic}: {name} {config?.Value ?? "(not set)"} -> {value ?? $"{config?.Default ?? "the default"} (default)"}");
        }
    }
}
