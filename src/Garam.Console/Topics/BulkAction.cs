using System.Text.Json;
using Garam.Operations;
using Garam.Operations.Commands;
using Garam.Operations.Topics;
using Microsoft.AspNetCore.Http;

namespace Garam.Console.Topics;

/// <summary>What is done to several topics at once.</summary>
public enum BulkKind
{
    Delete,
    Clear,
    Config,
}

/// <summary>What would become of one of the topics.</summary>
/// <param name="Topic">Its name.</param>
/// <param name="Partitions">How many it has; null: it could not be asked.</param>
/// <param name="Records">Records that would go, or that it has; null: not known.</param>
/// <param name="Before">The value of the setting that would change; null: not set, or another action.</param>
/// <param name="Clear">What a clear would remove; null: another action.</param>
/// <param name="Refusal">Why nothing would be done to it; null: it would.</param>
public sealed record BulkLine(string Topic, int? Partitions, long? Records, string? Before, ClearPlan? Clear, OperationException? Refusal)
{
    /// <summary>Why <see cref="Records"/> is more than there are: it is counted in offsets.</summary>
    public OffsetGaps Gaps { get; init; }
}

/// <summary>One action on the topics that were ticked in the list: planned, confirmed once, and applied to each on its own.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Topics">To which topics.</param>
/// <param name="Setting">The setting that is changed.</param>
/// <param name="Value">Its new value; null: back to the default.</param>
public sealed record BulkAction(BulkKind Kind, IReadOnlyList<string> Topics, string? Setting, string? Value)
{
    private const int MaxTopics = 500;

    /// <summary>What has to be typed to confirm it.</summary>
    public static string Phrase(int topics) => Words.Count(topics, "topic");

    /// <exception cref="OperationException">The form names no topics, too many, or no such action.</exception>
    public static BulkAction Of(IFormCollection form)
    {
        var topics = form["topic"].OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (topics.Count is 0 or > MaxTopics)
            throw new OperationException(FailureKind.Invalid, $"tick the topics that are meant, {MaxTopics} at most.");
        if (!Enum.TryParse<BulkKind>(form["action"], ignoreCase: true, out var kind) || !Enum.IsDefined(kind))
            throw new OperationException(FailureKind.Invalid, "choose what to do with the topics.");
        if (kind is not BulkKind.Config)
            return new BulkAction(kind, topics, null, null);
        return form["setting"].ToString().Split('=', 2) is [var name, var value] && name.Trim() is { Length: > 0 } setting
            ? new BulkAction(kind, topics, setting, value.Trim() is { Length: > 0 } written ? ConfigUnits.Plain(setting, written) : null)
            : throw new OperationException(FailureKind.Invalid, "say which setting to change: NAME=VALUE, or NAME= for the default.");
    }

    /// <summary>The command that does the same.</summary>
    public ShellCommand Command => Kind switch
    {
        BulkKind.Delete => TopicCommands.Delete(Topics),
        BulkKind.Clear => TopicCommands.Clear(Topics, before: null),
        _ => TopicCommands.Configure(Topics, Change),
    };

    /// <summary>What would become of each topic. Nothing is changed.</summary>
    public async Task<IReadOnlyList<BulkLine>> PlanAsync(TopicOperations topics, CancellationToken ct)
    {
        var records = await topics.CountRecordsAsync(Topics, ct);
        var lines = new List<BulkLine>();
        foreach (var topic in Topics)
            lines.Add(await PlanAsync(topics, topic, records[topic], ct));
        return lines;
    }

    /// <summary>Does it to each of the topics. One that fails does not hold up the others.</summary>
    /// <param name="topics">The operations.</param>
    /// <param name="plans">For a clear: what the preview showed; records that came later stay.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<IReadOnlyList<Outcome>> ApplyAsync(TopicOperations topics, IReadOnlyList<ClearPlan> plans, CancellationToken ct)
    {
        if (Kind is BulkKind.Delete)
            return await topics.DeleteAsync(Topics, ct);
        var outcomes = new List<Outcome>();
        foreach (var topic in Topics)
            outcomes.Add(await OutcomeAsync(topic, () => ApplyAsync(topics, topic, plans, ct)));
        return outcomes;
    }

    /// <summary>The plans of a clear, as a field of the form carries them from the preview to the action.</summary>
    public static string Write(IEnumerable<BulkLine> lines) => JsonSerializer.Serialize(lines.Where(line => line.Refusal is null).Select(line => line.Clear).OfType<ClearPlan>());

    /// <exception cref="OperationException">The field does not hold plans.</exception>
    public static IReadOnlyList<ClearPlan> Read(string field)
    {
        try
        {
            return field.Length == 0 ? [] : JsonSerializer.Deserialize<List<ClearPlan>>(field) ?? [];
        }
        catch (JsonException exception)
        {
            throw new OperationException(FailureKind.Invalid, "the plan cannot be read: make the preview again.", exception);
        }
    }

    private async Task<BulkLine> PlanAsync(TopicOperations topics, string topic, long? records, CancellationToken ct)
    {
        var line = new BulkLine(topic, null, records, null, null, null);
        var outcome = await OutcomeAsync(topic, async () => line = await PlanAllowedAsync(topics, line, ct));
        return line with { Refusal = outcome.Failure };
    }

    private async Task<BulkLine> PlanAllowedAsync(TopicOperations topics, BulkLine line, CancellationToken ct)
    {
        var described = (await topics.DescribeAsync([line.Topic], ct))[0];
        line = line with { Partitions = described.Partitions.Count, Gaps = described.Gaps };
        switch (Kind)
        {
            case BulkKind.Clear:
                var plan = await topics.PlanClearAsync(line.Topic, null, null, null, ct);
                return line with { Clear = plan, Records = plan.Records };
            case BulkKind.Config:
                var before = (await topics.ConfigsAsync(line.Topic, ct)).FirstOrDefault(config => config.Name == Setting)?.Value;
                await topics.SetConfigsAsync(line.Topic, Change, dryRun: true, ct);
                return line with { Before = before };
            default:
                return InternalTopics.Contains(line.Topic)
                    ? throw new OperationException(FailureKind.Invalid, $"{line.Topic} is an internal topic of Kafka, and is not deleted.")
                    : line;
        }
    }

    private async Task ApplyAsync(TopicOperations topics, string topic, IReadOnlyList<ClearPlan> plans, CancellationToken ct)
    {
        if (Kind is BulkKind.Config)
            await topics.SetConfigsAsync(topic, Change, dryRun: false, ct);
        else if (plans.FirstOrDefault(plan => plan.Topic == topic) is { } plan)
            await topics.ClearAsync(plan, ct);
        else
            throw new OperationException(FailureKind.Invalid, "the preview did not include this topic: nothing was cleared.");
    }

    private Dictionary<string, string?> Change => new() { [Setting!] = Value };

    private static async Task<Outcome> OutcomeAsync(string topic, Func<Task> action)
    {
        try
        {
            await action();
            return new Outcome(topic, null);
        }
        catch (OperationException failure)
        {
            return new Outcome(topic, failure);
        }
    }
}
